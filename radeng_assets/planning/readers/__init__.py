"""One reader a document: text in, a located model and findings out; nothing raises for bad input."""
