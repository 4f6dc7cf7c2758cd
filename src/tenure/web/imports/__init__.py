"""The pages of imports: a wizard over the code that the terminal uses."""
