using Voucher.Core.Refusals;
using Voucher.Core.Vouchers;
using Voucher.Core.Wire;
using Voucher.Server.Invariants;
using Voucher.Server.Tests.Settling;
using Voucher.Server.Vouchers;

namespace Voucher.Server.Tests.Journals;

/// <summary>The county takes a voucher out of use while a desk that has enrolled it is offline: a voucher out of use is contested by nobody (0016). Moves the server's clock.</summary>
public sealed class RevokedWhileOfflineTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>, IDisposable
{
    private readonly ConflictScene _scene = new(server);

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, false)]
    public async Task The_countys_word_stands_whether_the_enrolment_was_made_or_came_before_it(bool madeBefore, bool cameBefore)
    {
        await BeginAsync();
        var claim = madeBefore ? Enrol(_scene.Here) : Guid.Empty;
        if (cameBefore) await _scene.Here.ComeBackAsync();
        await RevokeAsync();
        if (!madeBefore) claim = Enrol(_scene.Here);
        _scene.Advance(90);
        var came = _scene.Here.Scan(ScanMode.CheckIn, _scene.ClassHere, _scene.Voucher);
        await _scene.Here.ComeBackAsync();

        await ExpectNobodysAsync();
        Assert.Equal(cameBefore ? RefusalCode.None : RefusalCode.VoucherRevoked, await CodeAsync(claim));
        Assert.Equal(RefusalCode.VoucherRevoked, await CodeAsync(came));
        Assert.Equal(cameBefore ? "1,3,8" : "1,8", await _scene.AskAsync<string>("select string_agg(kind::text, ',' order by number) from voucher_event where voucher_id = @Id", new { _scene.Voucher.Id }));
        Assert.Equal(0, await _scene.AskAsync<long>("select count(*) from conflict_case where voucher_id = @Id", new { _scene.Voucher.Id }));
    }

    /// <summary>A case that was open by then is closed by two persons, and nothing is left of it.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_contest_for_a_voucher_that_is_taken_out_of_use_is_won_by_nobody(bool cameBefore)
    {
        await BeginAsync();
        Guid[] claims = [Enrol(_scene.Here), Enrol(_scene.There, here: false)];
        if (cameBefore) await ComeBackAsync();
        await RevokeAsync();
        if (cameBefore)
        {
            using var upheld = await _scene.ProposeAsync("reviewer", claims[0].ToString());
            Assert.Equal(["choice"], await Problem.FieldsAsync(upheld));
            await _scene.SettleAsync(upheld: null);
        }
        await ComeBackAsync();

        await ExpectNobodysAsync();
        // The desk that came first was told that it had the voucher, before there was anything to contest.
        Assert.Equal(cameBefore ? RefusalCode.EnrolmentContested : RefusalCode.VoucherRevoked, (RefusalCode)(await _scene.Here.AnswerAsync(claims[0])).Refusal);
        Assert.Equal(cameBefore ? RefusalCode.None : RefusalCode.VoucherRevoked, (RefusalCode)(await _scene.There.AnswerAsync(claims[1])).Refusal);
    }

    private async Task BeginAsync()
    {
        await MoneySetAside.ForVouchersAsync(server);
        await _scene.BeginAsync();
    }

    private Guid Enrol(OfflineDesk desk, bool here = true)
    {
        _scene.Advance(10);
        return desk.Scan(ScanMode.Enrol, here ? _scene.ClassHere : _scene.ClassThere, _scene.Voucher);
    }

    private async Task RevokeAsync()
    {
        _scene.Advance(10);
        (await server.Get<RevokeVoucher>().RunAsync(_scene.Voucher.Id, "重复发放", await new Desk(server).WhoAsync("clerk"))).OrThrow();
    }

    private async Task ComeBackAsync()
    {
        _scene.Advance(10);
        await _scene.There.ComeBackAsync();
        await _scene.Here.ComeBackAsync();
    }

    private async Task<RefusalCode> CodeAsync(Guid scan) => (RefusalCode)(await _scene.Here.AnswerAsync(scan)).Refusal;

    /// <summary>Out of use, with no place in a class, no money and nothing to decide; the books are right.</summary>
    private async Task ExpectNobodysAsync()
    {
        Assert.Equal(((int)VoucherState.Revoked, false, null), await _scene.VoucherAsync());
        Assert.Equal(0, await _scene.AskAsync<long>("""
            select (select count(*) from enrolment where voucher_id = @Id and is_active) + (select count(*) from conflict_case where voucher_id = @Id and decided_at is null)
                   + (select count(*) from voucher where id = @Id and is_reserved)
            """, new { _scene.Voucher.Id }));
        await using var connection = await server.Database.OpenConnectionAsync();
        // The scene writes vouchers without reserving money for them (3.5); all else must hold.
        Assert.DoesNotContain((await InvariantChecks.RunAsync(connection)).Violations, violation => violation.Number != "3.5");
    }
}
