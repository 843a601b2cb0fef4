using System.Net;
using Voucher.Core.OfflineLists;
using Voucher.Server.Demo;
using Voucher.Server.Issuing.Keys;
using Voucher.Server.OfflineLists;
using Voucher.Server.Tests.Redeeming;

namespace Voucher.Server.Tests.OfflineLists;

/// <summary>What a terminal does: holds a list, asks with its counter, takes a delta or a full list, and checks what it has then.</summary>
public sealed class ListReader(ServerUnderTest server, TestTerminal terminal)
{
    public SignedStatusList? Held { get; private set; }

    /// <summary>Of the last answer: full, delta or none.</summary>
    public string Kind { get; private set; } = "";

    public int Bytes { get; private set; }

    /// <summary>A minute later, when the list has been looked at.</summary>
    public async Task<StatusList> PullAfterAMinuteAsync()
    {
        server.Clock.Advance(StatusListPublisher.Every + StatusListBook.KeepFor);
        await server.Get<StatusListPublisher>().RunAsync();
        return await PullAsync();
    }

    public async Task<StatusList> PullAsync()
    {
        using var answer = await terminal.Client.GetAsync($"/{ListNames.StatusPath}?have={Held?.List.Counter ?? 0}");
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        var asOf = DateTimeOffset.FromUnixTimeSeconds(long.Parse(answer.Headers.GetValues(ListNames.AsOfHeader).Single()));
        Assert.InRange(asOf, server.Clock.GetUtcNow().AddMinutes(-2), server.Clock.GetUtcNow());
        Take(answer.StatusCode, await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal(ListFault.None, Held!.Check(await server.Get<IssuingKeys>().RingAsync(), DemoCounty.Region));
        return Held.List;
    }

    private void Take(HttpStatusCode status, byte[] bytes)
    {
        Bytes = bytes.Length;
        Kind = "none";
        if (status == HttpStatusCode.NoContent) return;
        if (SignedStatusList.TryRead(bytes, out var full) == ListFault.None) (Kind, Held) = ("full", full);
        else
        {
            Assert.Equal(ListFault.None, StatusListDelta.TryRead(bytes, out var delta));
            Assert.Equal(ListFault.None, delta!.TryApply(Held!.List, out var next));
            (Kind, Held) = ("delta", next);
        }
    }
}
