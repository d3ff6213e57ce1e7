"""Understanding of residents' messages: plain functions and small models, with thin Rasa graph components over them."""
