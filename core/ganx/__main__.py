"""``python -m ganx`` is the ``ganx`` command."""

from importlib import import_module

if __name__ == "__main__":
    # The engine does not import the command line; this file alone names it, as text.
    import_module("ganx_cli.main").main()
