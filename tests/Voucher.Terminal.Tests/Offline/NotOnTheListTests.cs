using Voucher.Core.Refusals;
using Voucher.Core.Tokens;
using Voucher.Core.Wire;
using Voucher.Terminal.Link;
using Voucher.Terminal.Offline;
using Voucher.Terminal.Scanning;
using Voucher.Terminal.Tests.Server;

namespace Voucher.Terminal.Tests.Offline;

/// <summary>The desk is warned when it lets somebody in whom it does not know to be enrolled in the class.</summary>
public sealed class NotOnTheListTests : IDisposable
{
    private readonly LoneTerminal _site = new();
    private readonly VoucherToken _voucher;
    private readonly FrontDesk _desk;

    public NotOnTheListTests()
    {
        var board = new LinkBoard(_site.Clock);
        board.Stand(Standing.Active);
        var answers = new AnswerDesk(_site.Clock);
        _desk = new FrontDesk(_site.Current, answers, board, new OfflineDesk(_site.Clock), new DeskHistory(_site.Current, answers), _site.Clock);
        _voucher = _site.NewVoucher();
    }

    private async Task<bool> IsWarned()
    {
        var order = new ScanOrder(Guid.NewGuid(), ScanMode.CheckIn, LoneTerminal.Here, _voucher.ToDigits(), ShortCode: null, IdNumber: null);
        var verdict = Assert.IsType<Outcome<Verdict>.Done>(await _desk.Scan(order, CancellationToken.None)).Value;
        Assert.Equal(VerdictOutcome.Provisional, verdict.Outcome);
        return verdict.Reason.En.Contains("list does not have", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_whom_nothing_is_known() => Assert.True(await IsWarned());

    [Fact]
    public async Task Whose_enrolment_was_refused()
    {
        _site.Refuse(_site.Scan(ScanMode.Enrol, _voucher), RefusalCode.ClassFull);
        Assert.True(await IsWarned());
    }

    [Fact]
    public async Task Whose_enrolment_has_no_answer_and_was_not_promised()
    {
        _site.Scan(ScanMode.Enrol, _voucher);
        Assert.True(await IsWarned());
    }

    [Fact]
    public async Task Who_has_left_another_class()
    {
        _site.Accept(_site.Scan(ScanMode.Enrol, _voucher, LoneTerminal.There), _voucher);
        _site.Clock.Pass(TimeSpan.FromHours(1));
        _site.Roster();
        Assert.True(await IsWarned());
    }

    [Fact]
    public async Task But_not_of_one_on_the_roster()
    {
        _site.Roster((_voucher, LoneTerminal.Here));
        Assert.False(await IsWarned());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Nor_of_one_whom_it_has_enrolled_itself(bool isPromisedOnly)
    {
        var scan = _site.Scan(ScanMode.Enrol, _voucher, isProvisional: isPromisedOnly);
        if (!isPromisedOnly) _site.Accept(scan, _voucher);
        Assert.False(await IsWarned());
    }

    public void Dispose() => _site.Dispose();
}
