"""The quality gates. A gate is a function from a Context to its complaints; no complaint means passed."""
