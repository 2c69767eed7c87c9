using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using JitAccess.Cli.Client;
using Spectre.Console;

namespace JitAccess.Cli.Commands;

/// <summary>Texts as people write and read them here.</summary>
internal static partial class Texts
{
    /// <summary>Minutes of <c>90</c>, <c>90m</c>, <c>2h</c>, <c>1h30m</c> or <c>2d</c>.</summary>
    /// <exception cref="CliException">It is none of these.</exception>
    public static double? Minutes(string? text)
    {
        if (text is null) return null;
        Match match = Duration().Match(text);
        if (!match.Success || text.Length == 0) throw new CliException(ExitCode.Usage, $"“{text}” is no duration. Write it as 30m, 2h, 1h30m or 2d.");
        double Part(string name) => match.Groups[name].Success ? double.Parse(match.Groups[name].Value, CultureInfo.InvariantCulture) : 0;
        return (Part("days") * 24 * 60) + (Part("hours") * 60) + Part("minutes");
    }

    public static string Local(DateTimeOffset at) => at.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>Writes a result: as JSON when that was asked for, else for people.</summary>
    public static void Result(this CliContext context, JsonElement json, Action<IAnsiConsole> show)
    {
        if (context.IsJson) context.Out.WriteLine(JsonSerializer.Serialize(json, Wire.Json));
        else show(context.Screen());
    }

    public static void Result(this CliContext context, IEnumerable<JsonElement> json, Action<IAnsiConsole> show) => context.Result(JsonSerializer.SerializeToElement(json, Wire.Json), show);

    /// <summary>A table without frames: for people, and for <c>grep</c> and <c>awk</c>. What the server said is never read as markup.</summary>
    public static void WriteTable(this IAnsiConsole screen, string[] heads, IEnumerable<string?[]> rows)
    {
        Table table = new() { Border = TableBorder.None };
        foreach (string head in heads) table.AddColumn(new TableColumn(new Text(head)) { NoWrap = true });
        foreach (string?[] row in rows) table.AddRow([.. row.Select(cell => new Text(Printable(cell ?? "")))]);
        screen.Write(table);
    }

    /// <summary>A text without what a terminal would obey.</summary>
    public static string Printable(string text) => string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter));

    [GeneratedRegex("^(?:(?<days>\\d{1,3})d)?(?:(?<hours>\\d{1,4})h)?(?:(?<minutes>\\d{1,5})m?)?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Duration();
}
