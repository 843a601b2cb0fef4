using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Voucher.Core.Policies;
using Voucher.Core.Wire;
using Voucher.Server.Demo;
using Voucher.Server.Policies;
using Voucher.Server.Tests.Redeeming;
using Voucher.Testing;

namespace Voucher.Server.Tests.SeveralServers;

/// <summary>
/// Two servers of one county, each with a folder of its own as on two machines, over one PostgreSQL and one Redis, behind a
/// proxy that takes them in turn.
/// </summary>
public sealed class TwoServers : IAsyncLifetime
{
    private readonly string _secondHome = Directory.CreateTempSubdirectory("voucher-test-second-").FullName;
    private WebApplication? _second;

    public ServerUnderTest First { get; } = new();
    public IServiceProvider Second => _second!.Services;
    public Uri SecondAddress { get; private set; } = null!;
    public RoundRobinProxy Proxy { get; private set; } = null!;
    public string SecondHome => _secondHome;
    public ScanScene Scene => new(First);

    public async ValueTask InitializeAsync()
    {
        await First.InitializeAsync();
        // Hundreds of scans in a moment are what these tests are about, not a suspicion.
        await First.Get<PolicyStore>().AddAsync(DemoPolicy.For(DemoCounty.Region) with
        {
            DocumentNo = "fast", EffectiveFrom = new DateOnly(2021, 1, 1),
            Parameters = new PolicyParameters { EnrolmentsPerTerminalPerFiveMinutes = 0, EnrolmentSpacingSeconds = 0, TriedElsewhereMinutes = 0, TravelMinutes = 0 },
        });
        CopyKeys(First.Home, _secondHome);
        _second = await First.StartAnotherAsync(_secondHome);
        SecondAddress = ServerUnderTest.AddressOf(_second);
        Proxy = await RoundRobinProxy.StartAsync([First.Address, SecondAddress]);
    }

    /// <summary>What an operator does for a second machine.</summary>
    public static void CopyKeys(string from, string to)
    {
        var folder = Directory.CreateDirectory(Path.Combine(to, "keys"));
        foreach (var file in Directory.EnumerateFiles(Path.Combine(from, "keys")))
            if (Path.GetFileName(file) != "root.pem") File.Copy(file, Path.Combine(folder.FullName, Path.GetFileName(file)), overwrite: true);
    }

    public T OfSecond<T>() where T : notnull => Second.GetRequiredService<T>();

    /// <summary>A terminal that knows the proxy's address only.</summary>
    /// <param name="proxy">Another one than <see cref="Proxy"/>.</param>
    public async Task<TestTerminal> PairAsync(int institution = 1, Uri? proxy = null)
    {
        var paired = await Scene.PairAsync(institution);
        var client = new HttpClient { BaseAddress = proxy ?? Proxy.Address };
        client.DefaultRequestHeaders.Authorization = paired.Client.DefaultRequestHeaders.Authorization;
        paired.Client.Dispose();
        return new TestTerminal(client, paired.Id, paired.Key, First.Clock);
    }

    /// <summary>Asks as a terminal does: the same scan again until somebody answers it.</summary>
    public static async Task<ScanAnswer> AskAsync(TestTerminal terminal, ScanRequest scan)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            using var answer = await terminal.Client.PostAsJsonAsync("/api/terminal/scans", scan, patience.Token);
            if (answer.StatusCode is not (HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable))
            {
                Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(patience.Token)}");
                return (await answer.Content.ReadFromJsonAsync<ScanAnswer>(patience.Token))!;
            }
            await Task.Delay(20, patience.Token);
        }
    }

    /// <summary>As an operator stops one of two.</summary>
    public Task StopSecondAsync() => _second!.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await Proxy.DisposeAsync();
        await _second!.StopAsync();
        await _second.DisposeAsync();
        await First.DisposeAsync();
        Directory.Delete(_secondHome, recursive: true);
    }
}
