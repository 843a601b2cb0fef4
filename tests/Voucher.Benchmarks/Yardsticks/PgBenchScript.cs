using System.Globalization;
using System.Text.RegularExpressions;
using Voucher.Server.Redeeming;

namespace Voucher.Benchmarks.Yardsticks;

/// <summary>
/// The engine's own write statement as a script of pgbench: <see cref="ScanBatchStatement.Sql"/> itself with an expression in
/// place of each parameter, so that the yardstick can never be another statement.
/// </summary>
internal static partial class PgBenchScript
{
    /// <summary>Enrolments; the names after a colon are pgbench's variables, some set on its command line. A parameter has no type by itself.</summary>
    private static readonly string[] Enrolment =
    [
        "gen_random_uuid()", ":first_terminal::bigint + {desk} % :terminals::bigint", "{sequence}", ":hash", "1",
        ":first_class::bigint + ({desk} + :class_offset::bigint) % :classes::bigint", "{voucher}", "0",
        "now()", "now()", ":answer",
        "1", "3", "1", "3", ":first_institution::bigint + {desk} % :institutions::bigint", "null", "null", "{voucher} - :first_voucher::bigint + :first_person::bigint", "1",
    ];

    /// <summary>One scan a statement; each client takes its own vouchers and has a terminal and a class of its own.</summary>
    public static string Single() => Script(
        expression => $"array[{expression}]",
        desk: ":client_id::bigint", sequence: ":first_sequence::bigint + :n::bigint", voucher: ":first_voucher::bigint + :client_id::bigint * :each::bigint + :n::bigint");

    /// <summary>The same statement with <paramref name="scans"/> scans, each at a desk of its own.</summary>
    public static string Batch(int scans) => Script(
        expression => $"array(select {expression} from generate_series(0, {scans - 1}) i)",
        desk: $"(:client_id::bigint * {scans} + i)", sequence: ":first_sequence::bigint + :n::bigint * 64 + :client_id::bigint",
        voucher: $":first_voucher::bigint + (:client_id::bigint * :each::bigint + :n::bigint) * {scans} + i");

    private static string Script(Func<string, string> array, string desk, string sequence, string voucher)
    {
        var statement = Parameter().Replace(ScanBatchStatement.Sql, parameter =>
        {
            var expression = Enrolment[int.Parse(parameter.Groups["number"].ValueSpan, CultureInfo.InvariantCulture) - 1];
            return array($"({expression})::{parameter.Groups["type"].Value}") + $"::{parameter.Groups["type"].Value}[]";
        });
        statement = statement.Replace("{desk}", desk).Replace("{sequence}", sequence).Replace("{voucher}", voucher);
        if (statement.Contains('$')) throw new InvalidOperationException("A parameter of the statement has no expression.");
        // A colon inside a literal would be taken for a variable.
        if (statement.Contains('\'')) throw new InvalidOperationException("The statement has a literal: see that pgbench leaves it alone.");
        return $"{statement};\n\\set n :n + 1\n";
    }

    [GeneratedRegex(@"\$(?<number>\d+)::(?<type>\w+)\[\]", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Parameter();
}
