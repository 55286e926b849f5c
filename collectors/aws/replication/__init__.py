"""How far is each copy behind, as AWS itself tells it? It asks nothing: inventory and metrics have asked already."""
