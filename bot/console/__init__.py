"""The staff's console: a Sanic application with a module per room, rendered with Jinja2 and htmx."""
