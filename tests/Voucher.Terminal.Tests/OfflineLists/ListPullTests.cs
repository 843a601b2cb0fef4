using Voucher.Core.OfflineLists;
using Voucher.Core.Vouchers;
using Voucher.Core.Wire;
using Voucher.Terminal.Link;
using Voucher.Terminal.OfflineLists;
using Voucher.Terminal.Tests.Server;
using Voucher.Testing;

namespace Voucher.Terminal.Tests.OfflineLists;

/// <summary>A whole terminal and a peer that has lists; each new link pulls them.</summary>
public sealed class ListPullTests
{
    private static readonly DateTimeOffset Made = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - 3600);

    private static readonly TerminalRoster Roster = new("m1", Made, [new RosterEntry(7, 31, "马*梅", new DateOnly(2026, 11, 20))]);

    private static StatusList List(long counter, params StatusChange[] changes) => StatusList.Of(County.Region, counter, Made, 500, changes);

    private static async Task Until(Func<bool> isSo)
    {
        using var patience = new CancellationTokenSource(Server.Kiosk.Patience);
        while (!isSo()) await Task.Delay(20, patience.Token);
    }

    private static Task UntilCounter(Server.Kiosk kiosk, long counter) => Until(() => kiosk.Terminal.Statuses.Current?.Counter == counter);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Both_lists_are_there_as_soon_as_the_link_stands_and_after_a_restart_without_one(bool withHub)
    {
        string home;
        await using (var server = await new ServerPeer(withHub).Start())
        {
            server.Lists.Answer = have => have == 5 ? null : server.County.Sign(List(5, new StatusChange(7, VoucherStatus.Enrolled))).Encode();
            server.Lists.Roster = Roster;
            await using var kiosk = await Server.Kiosk.StartOnline(server.Address);
            await Until(() => kiosk.Terminal is { Statuses.Current.Counter: 5, Roster.RefreshedAt: not null });
            Assert.Equal(server.Lists.AsOf.ToUnixTimeSeconds(), kiosk.Terminal.Statuses.Current!.RefreshedAt.ToUnixTimeSeconds());
            (home, kiosk.IsKept) = (kiosk.Home, true);
        }
        await using var offline = await Server.Kiosk.Start(home);
        Assert.Equal(VoucherStatus.Enrolled, offline.Terminal.Statuses.Current!.Status(new VoucherId(County.Region, 7)));
        Assert.Equal("马*梅", offline.Terminal.Roster.Find(new VoucherId(County.Region, 7))!.Name);
    }

    [Fact]
    public async Task Each_new_link_asks_with_the_counter_that_is_held_and_takes_the_delta_or_learns_that_nothing_has_changed()
    {
        await using var server = await new ServerPeer().Start();
        using var cable = new Cable(server.Address);
        var first = List(5);
        server.Lists.Answer = _ => server.County.Sign(first).Encode();
        await using var kiosk = await Server.Kiosk.StartOnline(cable.Address);
        await UntilCounter(kiosk, 5);

        server.Lists.Answer = have => have == 5
            ? StatusListDelta.After(5, server.County.Sign(first.With(6, Made, 501, [new StatusChange(500, VoucherStatus.Closed)])), [500]).Encode()
            : null;
        await Relink(kiosk, cable);
        await UntilCounter(kiosk, 6);
        Assert.Equal(VoucherStatus.Closed, kiosk.Terminal.Statuses.Current!.Status(new VoucherId(County.Region, 500)));

        server.Lists.AsOf = server.Lists.AsOf.AddHours(1);
        await Relink(kiosk, cable);
        await Until(() => kiosk.Terminal.Statuses.Current!.RefreshedAt.ToUnixTimeSeconds() == server.Lists.AsOf.ToUnixTimeSeconds());
        lock (server.Lists.Asked) Assert.Equal([0L, 5L, 6L], server.Lists.Asked.Distinct());
    }

    [Fact]
    public async Task A_delta_that_leads_to_what_the_county_has_not_signed_is_followed_by_the_full_list()
    {
        await using var server = await new ServerPeer().Start();
        using var cable = new Cable(server.Address);
        server.Lists.Answer = _ => server.County.Sign(List(5)).Encode();
        await using var kiosk = await Server.Kiosk.StartOnline(cable.Address);
        await UntilCounter(kiosk, 5);
        var next = server.County.Sign(List(6, new StatusChange(3, VoucherStatus.Revoked)));
        server.Lists.Answer = have => have == 0 ? next.Encode() : StatusListDelta.After(5, next, [4]).Encode();
        await Relink(kiosk, cable);
        await UntilCounter(kiosk, 6);
        Assert.Equal(VoucherStatus.Revoked, kiosk.Terminal.Statuses.Current!.Status(new VoucherId(County.Region, 3)));
    }

    [Fact]
    public async Task A_list_larger_than_any_other_answer_comes_over_the_link_too()
    {
        await using var server = await new ServerPeer().Start();
        var random = new Random(1);
        var many = Enumerable.Range(0, StatusList.MostSerials).Select(serial => new StatusChange(serial, (VoucherStatus)random.Next(4)));
        var bytes = server.County.Sign(StatusList.Of(County.Region, 5, Made, StatusList.MostSerials, many)).Encode();
        Assert.True(bytes.Length > LinkLimits.LargestAnswerBytes);
        server.Lists.Answer = have => have == 5 ? null : bytes;
        await using var kiosk = await Server.Kiosk.StartOnline(server.Address);
        await UntilCounter(kiosk, 5);
    }

    [Fact]
    public async Task What_cannot_be_believed_is_left_aside_and_the_link_works_on()
    {
        await using var server = await new ServerPeer().Start();
        using var cable = new Cable(server.Address);
        using var stranger = new County();
        server.Lists.Answer = _ => server.County.Sign(List(5)).Encode();
        await using var kiosk = await Server.Kiosk.StartOnline(cable.Address);
        await UntilCounter(kiosk, 5);
        foreach (var bad in new[] { stranger.Sign(List(9)).Encode(), "<html>"u8.ToArray(), server.County.Sign(List(4)).Encode(), new byte[SignedStatusList.LargestBytes + 1] })
        {
            int asked;
            lock (server.Lists.Asked) asked = server.Lists.Asked.Count;
            server.Lists.Answer = _ => bad;
            await Relink(kiosk, cable);
            await Until(() => { lock (server.Lists.Asked) return server.Lists.Asked.Count > asked; });
            Assert.Equal("accepted", (await kiosk.CheckIn(server.County.NewVoucher())).Outcome());
            Assert.Equal(5, kiosk.Terminal.Statuses.Current!.Counter);
        }
    }

    [Fact]
    public async Task A_revoked_terminal_forgets_the_people_at_its_next_contact()
    {
        await using var server = await new ServerPeer().Start();
        server.Lists.Roster = Roster;
        await using var kiosk = await Server.Kiosk.StartOnline(server.Address);
        await Until(() => kiosk.Terminal.Roster.RefreshedAt is not null);
        server.Revoked.Add(server.LastTerminal);
        await server.Tell(HubNames.Revoked);
        await kiosk.Until(state => state.Standing() == "revoked");
        await Until(() => kiosk.Terminal.Roster.RefreshedAt is null);
        Assert.Empty(Directory.EnumerateFiles(kiosk.Home, "roster*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_terminal_that_is_told_it_is_not_active_forgets_the_people_too()
    {
        await using var server = await new ServerPeer().Start();
        using var cable = new Cable(server.Address);
        server.Lists.Roster = Roster;
        await using var kiosk = await Server.Kiosk.StartOnline(cable.Address);
        await Until(() => kiosk.Terminal.Roster.RefreshedAt is not null);
        server.Lists.IsConflict = true;
        await Relink(kiosk, cable);
        await Until(() => kiosk.Terminal.Roster.RefreshedAt is null);
    }

    [Fact]
    public void The_lists_are_asked_for_every_minute_and_not_by_all_in_the_same_second()
    {
        Assert.Equal(TimeSpan.FromMinutes(1), ListPull.Every);
        var pauses = Enumerable.Range(0, 200).Select(_ => ListPull.NextPause()).ToList();
        Assert.All(pauses, pause => Assert.InRange(pause, ListPull.Every, ListPull.Every + ListPull.Jitter));
        Assert.True(pauses.Max() - pauses.Min() > ListPull.Jitter / 2);
    }

    private static async Task Relink(Server.Kiosk kiosk, Cable cable)
    {
        cable.Cut();
        await kiosk.Until(state => !state.IsOnline());
        cable.Heal();
        await kiosk.Until(state => state.IsOnline());
    }
}
