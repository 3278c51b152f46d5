"""What was trained, in forms that are used elsewhere: SavedModel, Keras file, LiteRT; and recordings to answers."""
