"""Where senders' libraries deliver events: Segment, RudderStack, PostHog and Sensors Analytics."""
