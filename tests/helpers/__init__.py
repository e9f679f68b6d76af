"""What tests share. Nothing here is shipped."""
