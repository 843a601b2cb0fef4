using Dapper;
using Voucher.Core;
using Voucher.Core.People;
using Voucher.Core.Refusals;
using Voucher.Core.Vouchers;
using Voucher.Server.Register.Changes;
using Voucher.Server.Register;
using Voucher.Server.Register.Duplicates;
using Voucher.Server.Tests.Settling;

namespace Voucher.Server.Tests.Register;

/// <summary>People of the register with a training behind them, and the merge of two of them as a decision carries it out.</summary>
public static class MergedPeople
{
    public static async Task<PersonId> AddAsync(ServerUnderTest server, int township = 622_926_100, params int[] wishes)
    {
        var said = new PersonStatement(Roster.NewNumber(), "马小梅", "初中", "15411112222", true, township, "", "", "", ["建档立卡"]) { WishTrades = wishes };
        await using var connection = await server.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await server.Get<PersonWriter>().WriteAsync(connection, transaction, [said], isDemo: false, list: null, new ChangeCause(), server.Clock.GetUtcNow());
        await transaction.CommitAsync();
        return (await server.Get<PersonStore>().FindAsync(RegisterScope.County, server.Get<PersonalData>().LookupHash(said.Number)))!.Value;
    }

    /// <summary>What somebody of the scene has done is the person's.</summary>
    public static async Task GiveAsync(ServerUnderTest server, PersonId person, VoucherId voucher)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            update voucher set person_id = @person where id = @voucher;
            update enrolment set person_id = @person where voucher_id = @voucher
            """, new { person, voucher });
    }

    /// <summary>An enrolled voucher is completed at a time of the test's choice; a completion takes no later change.</summary>
    public static async Task CompleteAsync(ServerUnderTest server, VoucherId voucher, DateTimeOffset at)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        await connection.ExecuteAsync("""
            insert into completion (voucher_id, enrolment_id, completed_at, scan_id)
            select @voucher, id, @at, gen_random_uuid() from enrolment where voucher_id = @voucher;
            update voucher set state = 4 where id = @voucher
            """, new { voucher, at });
    }

    /// <summary>Somebody who has completed a class of the scene.</summary>
    public static async Task<(PersonId Person, VoucherId Voucher)> TrainedAsync(ServerUnderTest server, SettledScene scene, int township = 622_926_100)
    {
        var (person, voucher) = (await AddAsync(server, township), (await scene.CompletedVouchersAsync(1))[0]);
        await GiveAsync(server, person, voucher);
        return (person, voucher);
    }

    /// <summary>Somebody with a voucher that can be used: of two entries this one stays.</summary>
    public static async Task<PersonId> HolderAsync(ServerUnderTest server, int township = 622_926_100, params int[] wishes)
    {
        var person = await AddAsync(server, township, wishes);
        await VoucherSeed.IssueAsync(server, person, status: 3, withVoucher: true);
        return person;
    }

    public static async Task<Refusal?> MergeAsync(ServerUnderTest server, PersonId one, PersonId other)
    {
        await using var connection = await server.Database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var refusal = await server.Get<MergePeople>().RunAsync(connection, transaction, one, other, new ChangeCause(), server.Clock.GetUtcNow());
        await transaction.CommitAsync();
        return refusal;
    }
}
