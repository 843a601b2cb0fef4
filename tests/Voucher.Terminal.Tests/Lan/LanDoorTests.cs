using System.Net;
using System.Security.Cryptography.X509Certificates;
using Voucher.Terminal.Diagnostics;
using Voucher.Terminal.Home;
using Voucher.Terminal.Lan;
using Voucher.Terminal.Settings;
using Voucher.Terminal.Tests.Server;
using Voucher.Testing;

namespace Voucher.Terminal.Tests.Lan;

/// <summary>When the door takes another certificate or another authority, and when it does not.</summary>
public sealed class LanDoorTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("voucher-lan-").FullName;
    private readonly SetClock _clock = new();
    private static readonly LanBounds Bounds = LanBounds.Of([IPAddress.Parse("203.0.113.250")], ["before-1.local"]);

    [Fact]
    public void A_certificate_stays_until_thirty_days_before_its_end()
    {
        using var door = NewDoor();
        var held = door.Certificate;
        _clock.Ahead = LanLimits.CertificateLife - LanLimits.RenewBefore - TimeSpan.FromHours(1);
        door.LookAgain(isRevoked: false);
        Assert.Same(held, door.Certificate);
        _clock.Ahead += TimeSpan.FromHours(2);
        door.LookAgain(isRevoked: false);
        Assert.NotSame(held, door.Certificate);
        Assert.Equal(X509ChainStatusFlags.NoError, Forger.WhyNot(door.Authority!, door.Certificate!, _clock.GetUtcNow()));
    }

    [Theory]
    [InlineData(1990)]
    [InlineData(2035)]
    [InlineData(2049)]
    [InlineData(2099)]
    public void Under_a_wrong_clock_too_a_certificate_is_made_once_and_not_at_each_look(int year)
    {
        _clock.Ahead = new DateTimeOffset(year, 12, 20, 0, 0, 0, TimeSpan.Zero) - TimeProvider.System.GetUtcNow();
        using var door = NewDoor();
        var held = door.Certificate;
        Assert.NotNull(held);
        door.LookAgain(isRevoked: false);
        Assert.Same(held, door.Certificate);
    }

    [Theory]
    [InlineData(1990)]
    [InlineData(2099)]
    public void A_clock_that_is_plainly_wrong_does_not_keep_out_tablets_that_know_the_day(int year)
    {
        _clock.Ahead = new DateTimeOffset(year, 1, 1, 0, 0, 0, TimeSpan.Zero) - TimeProvider.System.GetUtcNow();
        using var door = NewDoor();
        Assert.Equal(X509ChainStatusFlags.NoError, Forger.WhyNot(door.Authority!, door.Certificate!));
    }

    [Fact]
    public void An_older_authority_that_vouches_for_anybody_is_sealed_and_kept_while_a_tablet_trusts_it()
    {
        using var older = Forger.OlderAuthority(TimeProvider.System.GetUtcNow().AddDays(-100));
        Forger.LeaveInClear(_folder, older);
        LetOneIn();
        using var door = NewDoor();
        Assert.Equal(older.RawData, door.Authority);
        Assert.True(DiskSeal.IsSealed(File.ReadAllBytes(LanSite.KeyIn(_folder))));
        Assert.Equal(Health.Attention, door.Health);
        Assert.Equal(X509ChainStatusFlags.NoError, Forger.WhyNot(older.RawData, door.Certificate!));

        door.Tablets.Remove(door.Tablets.Tablets[0].Id);
        door.LookAgain(isRevoked: false);
        Assert.NotEqual(older.RawData, door.Authority);
        Assert.Equal(Health.Good, door.Health);
        Assert.Equal(X509ChainStatusFlags.NoError, Forger.WhyNot(door.Authority!, door.Certificate!));
        using var again = NewDoor();
        Assert.Equal(door.Authority, again.Authority);
    }

    [Fact]
    public void An_older_authority_is_sealed_also_where_the_door_is_not_opened_any_more()
    {
        using var older = Forger.OlderAuthority(TimeProvider.System.GetUtcNow());
        Forger.LeaveInClear(_folder, older);
        LetOneIn();
        using var shut = NewDoor(isWanted: false);
        Assert.Equal((false, Health.Good), (shut.IsOn, shut.Health));
        Assert.True(DiskSeal.IsSealed(File.ReadAllBytes(LanSite.KeyIn(_folder))));
        using var door = NewDoor();
        Assert.Equal(older.RawData, door.Authority);
    }

    /// <summary>Whatever stands where the book of tablets should be, the terminal starts.</summary>
    [Fact]
    public void A_book_of_tablets_that_cannot_be_read_lets_nobody_in()
    {
        Directory.CreateDirectory(Path.Combine(LanSite.LanOf(_folder), "tablets.json"));
        using var door = NewDoor();
        Assert.Empty(door.Tablets.Tablets);
    }

    [Fact]
    public void An_older_authority_that_no_tablet_trusts_is_replaced_at_once()
    {
        using var older = Forger.OlderAuthority(TimeProvider.System.GetUtcNow());
        Forger.LeaveInClear(_folder, older);
        using var door = NewDoor();
        Assert.NotEqual(older.RawData, door.Authority);
        Assert.Equal(Health.Good, door.Health);
    }

    [Theory]
    [InlineData(1990)]
    [InlineData(2099)]
    public void An_older_authority_with_its_five_years_outlives_a_wrong_clock_too(int year)
    {
        using var older = Forger.OlderAuthority(TimeProvider.System.GetUtcNow());
        Forger.LeaveInClear(_folder, older);
        LetOneIn();
        _clock.Ahead = new DateTimeOffset(year, 1, 1, 0, 0, 0, TimeSpan.Zero) - TimeProvider.System.GetUtcNow();
        using var door = NewDoor();
        Assert.Equal(older.RawData, door.Authority);
        _clock.Ahead = TimeSpan.Zero;
        door.LookAgain(isRevoked: false);
        Assert.Equal(X509ChainStatusFlags.NoError, Forger.WhyNot(older.RawData, door.Certificate!));
    }

    [Fact]
    public void Addresses_outside_of_the_authoritys_bounds_are_left_out_and_do_not_spoil_the_others()
    {
        // As if the machine had had another public address and another name when it was made.
        LanAuthority.Make(LanSite.LanOf(_folder), TestSeal.Of(_folder), Bounds).Dispose();
        using var door = NewDoor();
        Assert.DoesNotContain(door.Addresses, one => one.Host == LanSite.Name);
        Assert.Equal(door.Addresses is [] ? Health.Bad : LanAddresses.Own().All(Bounds.Has) ? Health.Good : Health.Attention, door.Health);
        if (door.Certificate is { } shown) Assert.Equal(X509ChainStatusFlags.NoError, Forger.WhyNot(door.Authority!, shown));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_keeps_the_tablets_out_until_it_can_and_the_terminal_open()
    {
        File.WriteAllText(LanSite.LanOf(_folder), "in the way");
        using var door = NewDoor();
        Assert.Equal(Health.Bad, door.Health);
        Assert.Null(door.Certificate);
        File.Delete(LanSite.LanOf(_folder));
        door.LookAgain(isRevoked: false);
        Assert.Equal(Health.Good, door.Health);
        Assert.NotNull(door.Certificate);
    }

    public void Dispose()
    {
        foreach (var folder in new[] { _folder, Server.Kiosk.SealOf(_folder) }.Where(Directory.Exists)) Directory.Delete(folder, recursive: true);
    }

    private LanDoor NewDoor(bool isWanted = true) => new(new TerminalHome(_folder, TestSeal.Of(_folder)), new TerminalSettings { Lan = isWanted, LanPort = FreePort.Find() }, _clock);

    private void LetOneIn()
    {
        var book = new TabletBook(Path.Combine(LanSite.LanOf(_folder), "tablets.json"), TimeProvider.System);
        Assert.NotNull(book.LetIn(book.NewCode()!.Digits, "一号"));
    }
}
