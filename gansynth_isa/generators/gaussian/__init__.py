"""Each class's clips as a Gaussian in principal components, fitted in a second."""
