"""The parts of the crisis guard; bot.nlu.crisis_guard is its public face."""
