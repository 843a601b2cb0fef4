using Voucher.Core.Vouchers;

namespace Voucher.Core.Tests.Vouchers;

public sealed class NamesTests
{
    [Fact]
    public void Every_state_event_and_kind_has_a_name_of_its_own_in_both_languages()
    {
        AllDifferent(Enum.GetValues<VoucherState>().Select(state => state.Name()).Append(VoucherStates.Expired));
        AllDifferent(Enum.GetValues<VoucherEventKind>().Select(kind => kind.Name()));
        AllDifferent(Enum.GetValues<VoucherKind>().Select(kind => kind.Name()));
    }

    [Fact]
    public void What_is_not_defined_has_no_name()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ((VoucherState)0).Name());
        Assert.Throws<ArgumentOutOfRangeException>(() => ((VoucherEventKind)0).Name());
        Assert.Throws<ArgumentOutOfRangeException>(() => ((VoucherKind)0).Name());
    }

    [Fact]
    public void Numbers_that_are_stored_or_printed_have_not_changed()
    {
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], Enum.GetValues<VoucherState>().Select(state => (int)state));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], Enum.GetValues<VoucherEventKind>().Select(kind => (int)kind));
        Assert.Equal((4, 6, 7), ((int)VoucherState.Completed, (int)VoucherState.Revoked, (int)VoucherState.Replaced));
        Assert.Equal((1, 4), ((int)VoucherKind.FaceValue, (int)VoucherKind.Directed));
    }

    [Theory]
    [InlineData("en", "Issued")]
    [InlineData("en-GB", "Issued")]
    [InlineData("EN", "Issued")]
    [InlineData("zh-CN", "已发放")]
    [InlineData("", "已发放")]
    [InlineData("fr", "已发放")]
    public void Words_are_Chinese_unless_English_is_asked_for(string language, string expected) =>
        Assert.Equal(expected, VoucherState.Issued.Name().In(language));

    [Theory]
    [InlineData(0, true, false, false)]
    [InlineData(1, false, true, false)]
    [InlineData(999, false, true, false)]
    [InlineData(1000, false, false, true)]
    [InlineData(65535, false, false, true)]
    public void A_scope_is_any_a_trade_or_a_programme(ushort code, bool any, bool trade, bool programme)
    {
        var scope = new VoucherScope(code);
        Assert.Equal((any, trade, programme), (scope.IsAny, scope.IsTrade, scope.IsProgramme));
        Assert.True(scope.Covers(code, 5) && scope.Covers(1001, code));
        Assert.Equal(any, scope.Covers(1002, 6));
    }

    private static void AllDifferent(IEnumerable<Words> names)
    {
        var list = names.ToList();
        Assert.Equal(list.Count, list.Select(name => name.Zh).Distinct().Count());
        Assert.Equal(list.Count, list.Select(name => name.En).Distinct().Count());
        Assert.All(list, name => Assert.True(name.Zh.Length > 0 && name.En.Length > 0));
    }
}
