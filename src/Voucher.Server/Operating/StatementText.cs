using System.Text;

namespace Voucher.Server.Operating;

/// <summary>
/// Makes a statement fit to be shown: this program passes values as parameters, but somebody's own session may hold a
/// person's number in its text. Literals, long numbers and comments are taken out; what cannot be told apart goes too.
/// </summary>
public static class StatementText
{
    /// <summary>Characters that are shown.</summary>
    public const int Longest = 300;

    /// <summary>Longer numbers could be a person's.</summary>
    public const int MostDigits = 5;

    private const string Gone = "'…'";

    public static string WithoutLiterals(string sql)
    {
        var text = new StringBuilder();
        for (var at = 0; at < sql.Length && text.Length <= Longest;)
            at = Copy(sql, at, text);
        return text.Length > Longest ? $"{text.ToString(0, Longest)}…" : text.ToString().Trim();
    }

    /// <summary>Copies or replaces what begins at <paramref name="at"/>; returns where the next thing begins.</summary>
    private static int Copy(string sql, int at, StringBuilder text)
    {
        var rest = sql.AsSpan(at);
        if (rest.StartsWith("--")) return LineEnd(sql, at);
        if (rest.StartsWith("/*")) return CommentEnd(sql, at);
        var letter = sql[at];
        if (letter == '\'') return Replace(text, StringEnd(sql, at, isEscaped: IsEscapeMark(sql, at)));
        if (letter == '$' && DollarEnd(sql, at) is { } end) return Replace(text, end);
        if (letter == '"') return CopyTo(sql, at, NameEnd(sql, at), text);
        if (char.IsDigit(letter)) return CopyNumber(sql, at, text);
        if (IsWord(letter)) return CopyTo(sql, at, WordEnd(sql, at), text);
        text.Append(char.IsWhiteSpace(letter) ? text.Length > 0 && text[^1] != ' ' ? " " : "" : letter.ToString());
        return at + 1;
    }

    private static int Replace(StringBuilder text, int end)
    {
        text.Append(Gone);
        return end;
    }

    private static int CopyTo(string sql, int at, int end, StringBuilder text)
    {
        text.Append(sql, at, end - at);
        return end;
    }

    private static int CopyNumber(string sql, int at, StringBuilder text)
    {
        var end = at;
        while (end < sql.Length && char.IsDigit(sql[end])) end++;
        if (end - at <= MostDigits) return CopyTo(sql, at, end, text);
        text.Append('#');
        return end;
    }

    private static bool IsWord(char letter) => char.IsLetterOrDigit(letter) || letter == '_';

    private static int WordEnd(string sql, int at)
    {
        while (at < sql.Length && IsWord(sql[at])) at++;
        return at;
    }

    private static int NameEnd(string sql, int at) => sql.IndexOf('"', at + 1) is >= 0 and var end ? end + 1 : sql.Length;

    private static int LineEnd(string sql, int at) => sql.IndexOf('\n', at) is >= 0 and var end ? end : sql.Length;

    private static int CommentEnd(string sql, int at)
    {
        var depth = 0;
        for (; at < sql.Length; at++)
        {
            var rest = sql.AsSpan(at);
            if (!rest.StartsWith("/*") && !rest.StartsWith("*/")) continue;
            depth += rest[0] == '/' ? 1 : -1;
            at++;
            if (depth == 0) return at + 1;
        }
        return sql.Length;
    }

    private static bool IsEscapeMark(string sql, int at) => at > 0 && sql[at - 1] is 'e' or 'E';

    /// <summary>A string that does not end (the text was cut) goes to the end.</summary>
    private static int StringEnd(string sql, int at, bool isEscaped)
    {
        for (at++; at < sql.Length; at++)
        {
            if (isEscaped && sql[at] == '\\') at++;
            else if (sql[at] == '\'' && at + 1 < sql.Length && sql[at + 1] == '\'') at++;
            else if (sql[at] == '\'') return at + 1;
        }
        return sql.Length;
    }

    /// <summary><c>$tag$ … $tag$</c>; <c>null</c> for a parameter such as <c>$1</c>.</summary>
    private static int? DollarEnd(string sql, int at)
    {
        var close = at + 1;
        while (close < sql.Length && IsWord(sql[close])) close++;
        if (close >= sql.Length || sql[close] != '$' || char.IsDigit(sql[at + 1])) return null;
        var tag = sql[at..(close + 1)];
        return sql.IndexOf(tag, close + 1, StringComparison.Ordinal) is >= 0 and var end ? end + tag.Length : sql.Length;
    }
}
