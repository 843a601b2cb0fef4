using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Voucher.Core.OfflineLists;
using Voucher.Core.Regions;
using Voucher.Core.Vouchers;
using Voucher.Terminal.Tests.Server;

namespace Voucher.Terminal.Tests.OfflineLists;

/// <summary>A file from a USB stick, handed over by the page of a terminal that has no link.</summary>
public sealed class BroughtFileTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Made = new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);
    private CabledKiosk _site = null!;

    private ServerPeer Peer => _site.Server;

    private Server.Kiosk Desk => _site.Kiosk;

    public async ValueTask InitializeAsync()
    {
        _site = await CabledKiosk.Start();
        await _site.Cut();
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    private SignedStatusList List(long counter, RegionCode? region = null) =>
        Peer.County.Sign(StatusList.Of(region ?? County.Region, counter, Made, 5_000, [new StatusChange(42, VoucherStatus.Revoked)]));

    private byte[] FileOf(long counter) => ListFile.Encode(Peer.County.KeyList(), List(counter).Encode());

    private static Task<HttpResponseMessage> Bring(Server.Kiosk kiosk, byte[] file, string type = "application/octet-stream", string? origin = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "local/lists") { Content = new ByteArrayContent(file) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        if (origin is not null) request.Headers.Add("Origin", origin);
        return kiosk.Http.SendAsync(request);
    }

    private async Task Refused(ListFault fault, byte[] file)
    {
        var answer = await Bring(Desk, file);
        Assert.False(answer.IsSuccessStatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(fault.ToString(), problem.GetProperty("fault").GetString());
        foreach (var (part, words) in new[] { ("reason", fault.Reason()), ("nextStep", fault.NextStep()) })
        {
            Assert.Equal(words.Zh, problem.GetProperty(part).GetProperty("zh").GetString());
            Assert.Equal(words.En, problem.GetProperty(part).GetProperty("en").GetString());
        }
    }

    [Fact]
    public async Task The_lists_of_a_file_are_used_at_once_and_after_a_restart()
    {
        var answer = await Bring(Desk, FileOf(70));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var taken = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((70, Made), (taken.GetProperty("counter").GetInt64(), taken.GetProperty("refreshedAt").GetDateTimeOffset()));
        Assert.Equal(VoucherStatus.Revoked, Desk.Terminal.Statuses.Current!.Status(new VoucherId(County.Region, 42)));
        Assert.Equal(HttpStatusCode.OK, (await Bring(Desk, FileOf(70))).StatusCode); // The same stick a second time.
        await _site.Restart();
        Assert.Equal(70, Desk.Terminal.Statuses.Current!.Counter);
    }

    [Fact]
    public async Task Each_file_that_is_of_no_use_is_refused_with_its_own_reason_and_what_is_held_stays()
    {
        Assert.Equal(HttpStatusCode.OK, (await Bring(Desk, FileOf(70))).StatusCode);
        using var stranger = new County();
        var genuine = FileOf(71);
        await Refused(ListFault.NotAList, "%PDF-1.7 something else"u8.ToArray());
        await Refused(ListFault.NotAList, []);
        await Refused(ListFault.Damaged, genuine[..^3]);
        await Refused(ListFault.OtherRegion, ListFile.Encode(Peer.County.KeyList(), List(71, new RegionCode(231200)).Encode()));
        await Refused(ListFault.SignatureFalse, ListFile.Encode(stranger.KeyList(), stranger.Sign(List(71).List).Encode()));
        await Refused(ListFault.SignatureFalse, ListFile.Encode(Peer.County.KeyList(), stranger.Sign(List(71).List).Encode()));
        await Refused(ListFault.SignatureFalse, ListFile.Encode(stranger.KeyList(), List(71).Encode()));
        await Refused(ListFault.Older, FileOf(69));
        await Refused(ListFault.TooLarge, new byte[ListFile.LargestBytes + 1]);
        await Refused(ListFault.TooLarge, new byte[4 * ListFile.LargestBytes]);
        Assert.Equal(70, Desk.Terminal.Statuses.Current!.Counter);
    }

    [Fact]
    public async Task The_key_list_of_a_file_is_taken_in_and_an_older_one_is_left_aside()
    {
        var old = Peer.County.KeyList();
        Peer.County.KeyListVersion = 4;
        Assert.Equal(HttpStatusCode.OK, (await Bring(Desk, FileOf(70))).StatusCode);
        Assert.Equal(4, Desk.Terminal.Setup.Keys!.Version);
        Assert.Equal(HttpStatusCode.OK, (await Bring(Desk, ListFile.Encode(old, List(71).Encode()))).StatusCode);
        Assert.Equal((4, 71), (Desk.Terminal.Setup.Keys!.Version, Desk.Terminal.Statuses.Current!.Counter));
    }

    [Fact]
    public async Task A_terminal_that_has_never_had_its_keys_says_so()
    {
        await using var fresh = await Server.Kiosk.Start();
        var problem = await (await Bring(fresh, FileOf(70))).Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(nameof(ListFault.NoKeys), problem.GetProperty("fault").GetString());
    }

    [Fact]
    public async Task Only_the_terminals_own_page_may_bring_a_file_and_no_other_request_may_be_as_large()
    {
        Assert.Equal(HttpStatusCode.Forbidden, (await Bring(Desk, FileOf(70), origin: "https://evil.example")).StatusCode);
        foreach (var type in new[] { "text/plain", "multipart/form-data", "application/x-www-form-urlencoded" })
            Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await Bring(Desk, FileOf(70), type)).StatusCode);
        Assert.Null(Desk.Terminal.Statuses.Current);
        using var large = new StringContent(new string(' ', 5_000), mediaType: new MediaTypeHeaderValue("application/json"));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await Desk.Http.PostAsync("local/scan", large)).StatusCode);
        using var elsewhere = new ByteArrayContent([1]);
        elsewhere.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await Desk.Http.PostAsync("local/scan", elsewhere)).StatusCode);
    }

    [Fact]
    public async Task The_largest_file_there_can_be_is_taken_in()
    {
        var random = RandomNumberGenerator.GetBytes(StatusList.MostSerials / 4);
        var list = StatusList.Of(County.Region, 70, Made, StatusList.MostSerials,
            Enumerable.Range(0, StatusList.MostSerials).Select(serial => new StatusChange(serial, (VoucherStatus)(random[serial / 4] >> serial % 4 * 2 & 3))));
        var file = ListFile.Encode(Peer.County.KeyList(), Peer.County.Sign(list).Encode());
        Assert.True(file.Length > 4_000_000);
        Assert.Equal(HttpStatusCode.OK, (await Bring(Desk, file)).StatusCode);
    }
}
