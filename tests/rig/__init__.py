"""Servers, terminals and fault makers for the tests."""
