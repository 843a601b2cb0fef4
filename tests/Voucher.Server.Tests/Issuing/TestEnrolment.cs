using Dapper;
using Voucher.Core;
using Voucher.Core.Vouchers;
using Voucher.Server.Vouchers;

namespace Voucher.Server.Tests.Issuing;

/// <summary>Binds a voucher to a new class of the first institution, past all rules of enrolling.</summary>
public static class TestEnrolment
{
    public static async Task EnrolAsync(CountyAtRest county, VoucherId id)
    {
        await using var connection = await county.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var stored = (await VoucherStore.LoadForUpdateAsync(connection, transaction, id))!;
        var account = (await county.ActorAsync("clerk")).Account;
        var training = await connection.QuerySingleAsync<(ClassId Id, InstitutionId Institution)>("""
            insert into training_class (region, institution_id, programme_id, name, starts_on, ends_on, capacity, status, created_by, created_at)
            select region, id, (select min(id) from programme), @name, '2026-01-01', '2026-02-01', 30, 1, @account, now() from institution order by id limit 1
            returning id, institution_id
            """, new { name = $"班 {Guid.NewGuid():N}", account }, transaction);
        await connection.ExecuteAsync(
            "insert into enrolment (voucher_id, person_id, class_id, enrolled_at) values (@id, @Person, @class, now())",
            new { id, stored.Person, @class = training.Id }, transaction);
        var step = new VoucherEvent(VoucherEventKind.Enrolled, stored.Voucher.State, VoucherState.Enrolled, county.Clock.GetUtcNow(), training.Institution, training.Id);
        await VoucherStore.ApplyAsync(
            connection, transaction, stored, new Decision.Accepted(step, stored.Voucher with { State = VoucherState.Enrolled }), new EventCause(account));
        await transaction.CommitAsync();
    }
}
