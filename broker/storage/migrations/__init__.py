"""Steps of the schema. A step that was shipped never changes; a mistake is mended by a new step."""
