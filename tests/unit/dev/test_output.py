"""What is printed reads well in a pipe, whatever the pipe can carry."""

from io import BytesIO, StringIO, TextIOWrapper

from twotier.dev.output import Output


def test_a_pipe_gets_plain_lines() -> None:
    printed = StringIO()
    output = Output(printed)
    output.heading("Part one")
    output.step("[bold] is no markup here, and a line is never broken however long it is " + "x" * 200)
    output.success("done")
    output.failure("not done")
    output.command("kubectl get pods")
    output.block("NAME\n\nweb\n")
    assert printed.getvalue() == (
        "\nPart one\n"
        "[bold] is no markup here, and a line is never broken however long it is " + "x" * 200 + "\n"
        "✓ done\n✗ not done\n    $ kubectl get pods\n    NAME\n\n    web\n"
    )


def test_a_table_has_its_numbers_to_the_right() -> None:
    printed = StringIO()
    Output(printed).table(("Name", ">Cost"), [("web", "9.5"), ("database", "120")])
    assert printed.getvalue() == "    Name      Cost\n    web        9.5\n    database   120\n"


def test_progress_in_a_pipe_is_a_line_for_each_twentieth_part() -> None:
    printed = StringIO()
    with Output(printed).progress("Compiling", 100) as report:
        for done in range(1, 101):
            report(done)
    lines = printed.getvalue().splitlines()
    assert (len(lines), lines[0], lines[-1]) == (20, "Compiling: 5 of 100", "Compiling: 100 of 100")


def test_a_stream_that_cannot_carry_our_marks_still_carries_the_words() -> None:
    carried = BytesIO()
    with TextIOWrapper(carried, encoding="ascii", write_through=True) as stream:
        Output(stream).success("done")
        assert carried.getvalue() == b"? done\n"
