using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Voucher.Core.Wire;
using Voucher.Terminal.Home;
using Voucher.Terminal.Pairing;
using Voucher.Terminal.Tests.Server;

namespace Voucher.Terminal.Tests.Pairing;

/// <summary>What somebody finds who carries the disk of a terminal away.</summary>
public sealed class StolenTerminalTests
{
    [Fact]
    public async Task No_person_and_no_key_lies_on_the_disk_in_clear_after_a_days_work()
    {
        await using var server = await new ServerPeer().Start();
        await using var kiosk = await Server.Kiosk.StartOnline(server.Address);
        Assert.Equal("accepted", (await kiosk.Enrol(server.County.NewVoucher(), County.HolderNumber)).Outcome());
        await kiosk.Enrol(server.County.NewVoucher(), County.StrangerNumber);
        await kiosk.CheckIn(server.County.NewVoucher());
        await kiosk.Stop(); // Nothing is being written any more.

        var files = Directory.GetFiles(kiosk.Home, "*", SearchOption.AllDirectories);
        Assert.Contains(files, file => file.EndsWith("setup.json", StringComparison.Ordinal));
        var (key, binding) = (PrivateKeyOf(kiosk), server.County.BindingKey);
        foreach (var file in files)
        {
            var content = await File.ReadAllBytesAsync(file);
            foreach (var number in new[] { County.HolderNumber, County.StrangerNumber, County.HolderNumber[..17], County.HolderNumber[6..14] + County.HolderNumber[14..17] })
                AssertLacks(file, content, Encoding.UTF8.GetBytes(number));
            foreach (var secret in new[] { binding, key })
            {
                AssertLacks(file, content, secret);
                AssertLacks(file, content, Encoding.ASCII.GetBytes(Convert.ToBase64String(secret)[..^4]));
                AssertLacks(file, content, Encoding.ASCII.GetBytes(Convert.ToHexString(secret)));
            }
        }
    }

    [Fact]
    public async Task A_copied_folder_without_the_machines_seal_is_damaged_and_asks_to_be_paired_anew()
    {
        await using var server = await new ServerPeer().Start();
        var copy = Directory.CreateTempSubdirectory("voucher-terminal-test-").FullName;
        await using (var kiosk = await Server.Kiosk.StartOnline(server.Address))
        {
            kiosk.IsKept = true;
            await kiosk.CheckIn(server.County.NewVoucher());
            await kiosk.Stop();
            Copy(kiosk.Home, copy);
            Directory.Delete(kiosk.Home, recursive: true);
            Directory.Delete(Server.Kiosk.SealOf(kiosk.Home), recursive: true);
        }
        var logIns = server.LogIns;
        await using var thief = await Server.Kiosk.Start(copy);
        var state = await thief.State();
        Assert.True(state.GetProperty("damaged").GetBoolean());
        Assert.Equal(JsonValueKind.Null, state.GetProperty("setup").ValueKind);
        Assert.Equal(JsonValueKind.Null, state.GetProperty("pairing").ValueKind);
        Assert.Equal(logIns, server.LogIns);
    }

    [Fact]
    public async Task The_home_of_an_older_program_is_taken_over_with_its_pairing_and_sealed()
    {
        await using var server = await new ServerPeer().Start();
        string home;
        long last;
        await using (var kiosk = await Server.Kiosk.StartOnline(server.Address))
        {
            kiosk.IsKept = true;
            home = kiosk.Home;
            await kiosk.CheckIn(server.County.NewVoucher());
            await kiosk.UntilAnchored();
            last = kiosk.Journal.LastSequence;
        }
        var seal = new DiskSeal(await File.ReadAllBytesAsync(Path.Combine(Server.Kiosk.SealOf(home), "seal.key")));
        var (keyFile, setupFile) = (FileIn(home, "device.key"), FileIn(home, "setup.json"));
        foreach (var (file, purpose) in new[] { (keyFile, "device.key"), (setupFile, "setup.json") })
            await File.WriteAllBytesAsync(file, seal.Open(purpose, await File.ReadAllBytesAsync(file))!);

        await using var again = await Server.Kiosk.Start(home);
        await again.Until(state => state.Standing() == "active" && state.IsOnline());
        Assert.Equal(last + 1, (await again.CheckIn(server.County.NewVoucher())).GetProperty("sequence").GetInt64());
        Assert.True(DiskSeal.IsSealed(await File.ReadAllBytesAsync(keyFile)));
        Assert.True(DiskSeal.IsSealed(await File.ReadAllBytesAsync(setupFile)));
    }

    [Fact]
    public async Task A_revoked_terminal_wipes_what_it_was_given_and_its_key_and_knows_it_after_a_restart()
    {
        await using var server = await new ServerPeer().Start();
        await using (var kiosk = await Server.Kiosk.StartOnline(server.Address))
        {
            kiosk.IsKept = true;
            var folder = Path.GetDirectoryName(FileIn(kiosk.Home, "setup.json"))!;
            Directory.CreateDirectory(Path.Combine(folder, "lists"));
            await File.WriteAllTextAsync(Path.Combine(folder, "lists", "roster"), "sealed");
            await kiosk.CheckIn(server.County.NewVoucher());
            server.Status = TerminalStatus.Revoked;
            await server.Tell(HubNames.Revoked);
            await kiosk.Until(state => state.Standing() == "revoked" && state.GetProperty("setup").ValueKind == JsonValueKind.Null);
            await Gone(() => File.Exists(Path.Combine(folder, "device.key")));
            Assert.DoesNotContain(Directory.GetFiles(folder, "*", SearchOption.AllDirectories), file => !Path.GetFileName(file).StartsWith("journal.db", StringComparison.Ordinal));
            await using var again = await RestartAsync(kiosk);
            Assert.Equal("revoked", (await again.Until(state => state.Standing() == "revoked")).Standing());
            Assert.False((await again.State()).GetProperty("damaged").GetBoolean());
            server.Status = TerminalStatus.Active;
            await again.Pair(server.Address);
            await again.Until(state => state.Standing() == "active" && state.IsOnline());
        }
    }

    [Fact]
    public async Task A_revoked_terminal_in_whose_journal_scans_wait_keeps_journal_and_key_for_the_county_and_says_so()
    {
        await using var server = await new ServerPeer(withHub: false).Start();
        await using var kiosk = await Server.Kiosk.StartOnline(server.Address);
        for (var sequence = 1; sequence <= 6; sequence++) server.Fates[sequence] = Mood.Fail;
        await kiosk.CheckIn(server.County.NewVoucher());
        await kiosk.CheckIn(server.County.NewVoucher());
        server.Revoked.Add(5);
        var state = await kiosk.Until(state => state.Standing() == "revoked" && state.GetProperty("setup").ValueKind == JsonValueKind.Null);
        Assert.Contains("2 条扫码", state.Link().GetProperty("trouble").GetProperty("zh").GetString(), StringComparison.Ordinal);
        Assert.True(DiskSeal.IsSealed(await File.ReadAllBytesAsync(FileIn(kiosk.Home, "device.key"))));
        await Gone(() => Directory.GetFiles(kiosk.Home, "setup.json", SearchOption.AllDirectories).Length > 0);
        kiosk.IsKept = true;
        await using var again = await RestartAsync(kiosk);
        var after = await again.Until(state => state.Standing() == "revoked");
        Assert.Equal(2, after.WaitingCount());
        Assert.Contains("2 条扫码", after.Link().GetProperty("trouble").GetProperty("zh").GetString(), StringComparison.Ordinal);
    }

    private static async Task<Server.Kiosk> RestartAsync(Server.Kiosk kiosk)
    {
        await kiosk.Stop();
        await kiosk.DisposeAsync();
        return await Server.Kiosk.Start(kiosk.Home);
    }

    private static async Task Gone(Func<bool> isThere)
    {
        using var patience = new CancellationTokenSource(Server.Kiosk.Patience);
        while (isThere()) await Task.Delay(20, patience.Token);
    }

    /// <summary>The secret number of the device key.</summary>
    private static byte[] PrivateKeyOf(Server.Kiosk kiosk)
    {
        var seal = new DiskSeal(File.ReadAllBytes(Path.Combine(Server.Kiosk.SealOf(kiosk.Home), "seal.key")));
        using var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(seal.Open("device.key", File.ReadAllBytes(FileIn(kiosk.Home, "device.key")))!, out _);
        return key.ExportParameters(includePrivateParameters: true).D!;
    }

    private static string FileIn(string home, string name) => Assert.Single(Directory.GetFiles(home, name, SearchOption.AllDirectories));

    private static void AssertLacks(string file, byte[] content, byte[] secret) =>
        Assert.True(content.AsSpan().IndexOf(secret) < 0, $"{Path.GetFileName(file)} holds a secret in clear.");

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }
    }
}
