"""The shapes of what is asked and answered, as OpenAPI describes them."""
