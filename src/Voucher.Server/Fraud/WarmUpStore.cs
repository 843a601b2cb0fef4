using Voucher.Core.Wire;
using Voucher.Server.Terminals;

namespace Voucher.Server.Fraud;

/// <summary>One recorded scan, with what the windows count it by.</summary>
public sealed record RecordedScan(
    Guid Id, TerminalId TerminalId, InstitutionId InstitutionId, ScanMode Mode, VoucherId? VoucherId, HolderCheck? HolderCheck, DateTimeOffset ScannedAt, DateTimeOffset ReceivedAt);

/// <summary>Reads the scans of late, from which the windows are rebuilt.</summary>
public sealed class WarmUpStore(NpgsqlDataSource database, County county)
{
    private const string Select = $"""
        select x.id, x.terminal_id, i.id as institution_id, x.mode, x.voucher_id, p.holder_check, x.scanned_at, x.at as received_at
        from (
            select id, terminal_id, mode, voucher_id, scanned_at, received_at as at from scan
            where received_at > @since order by received_at desc limit @most) x
        {TerminalPlaceStore.JoinTerminalAtItsPlace}
        left join voucher v on v.id = x.voucher_id
        left join person p on p.id = v.person_id
        where t.region = @Region
        order by x.at desc
        """;

    /// <summary>The newest scans since the moment; at most so many.</summary>
    public async Task<IReadOnlyList<RecordedScan>> ReadAsync(DateTimeOffset since, int most)
    {
        await using var connection = await database.OpenConnectionAsync();
        return (await connection.QueryAsync<RecordedScan>(Select, new { since, most, county.Region })).AsList();
    }
}
