"""What a site hides: the settings of `[redact]`, and how what they name is found in a text."""
