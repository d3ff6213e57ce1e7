"""How residents reach the bot: one module per platform, and the intake that all of them share."""
