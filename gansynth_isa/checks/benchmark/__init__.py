"""How fast this project runs on a machine, as shares of what that machine can do."""
