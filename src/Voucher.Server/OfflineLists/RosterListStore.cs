using System.Security.Cryptography;
using System.Text.Json;
using Voucher.Core.OfflineLists;

namespace Voucher.Server.OfflineLists;

/// <summary>Reads what a terminal of an institution may keep of its trainees: those being taught about now, names masked.</summary>
public sealed class RosterListStore(NpgsqlDataSource database)
{
    /// <summary>A class is on the roster from so many days before it begins, for those who enrol early.</summary>
    public const int DaysBefore = 30;

    /// <summary>And so many days after its end, for check-outs and completions that come late.</summary>
    public const int DaysAfter = 7;

    /// <summary>Trainees on one roster; the classes that began latest come first.</summary>
    public const int MostTrainees = 10_000;

    public async Task<TerminalRoster> ReadAsync(InstitutionId institution, DateTimeOffset now)
    {
        var today = CountyTime.DayOf(now);
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<(long Serial, long ClassId, string Name, DateTimeOffset EnrolledAt)>("""
            select n.voucher_id & 4294967295, n.class_id, p.name, n.enrolled_at
            from training_class c
            join enrolment n on n.class_id = c.id and n.is_active
            join voucher v on v.id = n.voucher_id and v.state = 3
            join person p on p.id = n.person_id
            where c.institution_id = @institution and c.status = 2
              and c.starts_on <= @today + @DaysBefore and c.ends_on >= @today - @DaysAfter
            order by c.starts_on desc, n.class_id, n.id
            limit @MostTrainees
            """, new { institution, today, DaysBefore, DaysAfter, MostTrainees });
        List<RosterEntry> trainees =
            [.. rows.Select(row => new RosterEntry((uint)row.Serial, row.ClassId, PersonName.Masked(row.Name), CountyTime.DayOf(row.EnrolledAt)))];
        return new TerminalRoster(MarkOf(trainees), now, trainees);
    }

    private static string MarkOf(List<RosterEntry> trainees) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(trainees))[..16]);
}
