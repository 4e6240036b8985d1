"""`python -m inspect_server` and the `inspect-server` command."""


def main() -> None:
    """Run the command line."""
    from inspect_server.cli import root

    root.main(prog_name="inspect-server")


if __name__ == "__main__":
    main()
