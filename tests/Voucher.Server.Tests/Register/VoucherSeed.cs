using System.Security.Cryptography;
using Dapper;
using Voucher.Core;
using Voucher.Server.Demo;

namespace Voucher.Server.Tests.Register;

/// <summary>Puts people into batches by hand, where how a voucher came about is not the point.</summary>
public static class VoucherSeed
{
    private static int _next = 800_000;

    /// <param name="status">Of the batch: 1 drafted, 3 issued.</param>
    public static async Task IssueAsync(ServerUnderTest server, PersonId person, int status, bool withVoucher)
    {
        var number = Interlocked.Increment(ref _next);
        var now = server.Clock.GetUtcNow();
        var today = CountyTime.DayOf(now);
        await using var connection = await server.Database.OpenConnectionAsync();
        var batch = await connection.QuerySingleAsync<long>("""
            insert into batch (region, name, kind, scope, face_value_fen, valid_from, valid_until, budget_line_id, policy_id, selection, status,
                               people, drafted_by, drafted_by_staff, drafted_at)
            select @Region, '种子批次', 1, 0, 100, @today, @until, (select min(id) from budget_line), (select min(id) from policy_pack), '{}', @status,
                   1, id, staff_id, @now
            from account where login = 'clerk' returning id
            """, new { DemoCounty.Region, today, until = today.AddDays(60), status, now });
        await connection.ExecuteAsync("insert into batch_person (batch_id, ordinal, person_id) values (@batch, 0, @person)", new { batch, person });
        if (!withVoucher) return;
        await connection.ExecuteAsync("""
            insert into voucher (id, batch_id, person_id, kind, scope, face_value_fen, budget_line_id, valid_from, valid_until, state, is_reserved, short_code, token)
            select @id, @batch, @person, 1, 0, 100, min(b.id), @today, @until, 1, true, @id, @token from budget_line b
            """, new { id = (long)DemoCounty.Region.Value << 32 | (uint)number, batch, person, today, until = today.AddDays(60), token = RandomNumberGenerator.GetBytes(83) });
    }
}
