using Voucher.Terminal.Lan;
using Voucher.Terminal.Tests.Server;

namespace Voucher.Terminal.Tests.Lan;

public sealed class TabletBookTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("voucher-tablets-").FullName;
    private readonly SetClock _clock = new();
    private readonly TabletBook _book;

    public TabletBookTests() => _book = NewBook();

    private TabletBook NewBook() => new(Path.Combine(_folder, "tablets.json"), _clock);

    private static string WrongOf(EntryCode code) => code.Digits == "000000" ? "000001" : "000000";

    [Fact]
    public void A_code_lets_in_once()
    {
        var code = _book.NewCode()!;
        Assert.Matches("^[0-9]{6}$", code.Digits);
        var shown = _book.LetIn(code.Digits, "一号");
        Assert.Equal("一号", _book.Find(shown)!.Name);
        Assert.Null(_book.LetIn(code.Digits, "二号"));
    }

    [Fact]
    public void A_code_is_good_for_ten_minutes()
    {
        var code = _book.NewCode()!;
        _clock.Ahead = LanLimits.CodeLife - TimeSpan.FromSeconds(5);
        Assert.NotNull(_book.Code);
        _clock.Ahead = LanLimits.CodeLife + TimeSpan.FromSeconds(1);
        Assert.Null(_book.Code);
        Assert.Null(_book.LetIn(code.Digits, "一号"));
    }

    [Fact]
    public void Five_wrong_codes_make_the_right_one_worthless()
    {
        var code = _book.NewCode()!;
        for (var i = 0; i < LanLimits.WrongCodes - 1; i++) Assert.Null(_book.LetIn(WrongOf(code), "一号"));
        Assert.NotNull(_book.Code);
        Assert.Null(_book.LetIn(WrongOf(code), "一号"));
        Assert.Null(_book.LetIn(code.Digits, "一号"));
        Assert.NotNull(_book.LetIn(_book.NewCode()!.Digits, "一号"));
    }

    [Fact]
    public void No_more_than_four_are_let_in_at_one_time()
    {
        for (var i = 0; i < LanLimits.MostTablets; i++) Assert.NotNull(_book.LetIn(_book.NewCode()!.Digits, $"{i}号"));
        Assert.Null(_book.NewCode());
        Assert.True(_book.Remove(_book.Tablets[0].Id));
        Assert.NotNull(_book.NewCode());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("x.y")]
    [InlineData("a.b.c")]
    public void What_is_no_secret_finds_nobody(string? shown)
    {
        _book.LetIn(_book.NewCode()!.Digits, "一号");
        Assert.Null(_book.Find(shown));
        Assert.Null(_book.Find($"{_book.Tablets[0].Id}.{new string('é', 64)}"));
        Assert.Null(_book.Find($"{_book.Tablets[0].Id}.{new string('0', 64)}"));
    }

    [Fact]
    public void A_damaged_book_lets_nobody_in_and_can_be_written_anew()
    {
        var shown = _book.LetIn(_book.NewCode()!.Digits, "一号");
        Assert.NotNull(NewBook().Find(shown));
        File.WriteAllText(Path.Combine(_folder, "tablets.json"), "[{");
        var again = NewBook();
        Assert.Null(again.Find(shown));
        Assert.NotNull(again.LetIn(again.NewCode()!.Digits, "二号"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
