using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Voucher.Core.Wire;
using Voucher.Terminal.Pairing;
using Voucher.Terminal.Tests.Server;

namespace Voucher.Terminal.Tests.Pairing;

public sealed class PairingTests
{
    [Fact]
    public async Task A_new_terminal_waits_for_confirmation_and_goes_on_by_itself()
    {
        await using var server = await new ServerPeer { Status = TerminalStatus.Pending }.Start();
        await using var kiosk = await Server.Kiosk.Start();
        Assert.Equal("unpaired", (await kiosk.State()).Standing());
        var paired = await kiosk.Pair(server.Address);
        Assert.Equal(8, paired.GetProperty("fingerprint").GetString()!.Length);
        await kiosk.Until(state => state.Standing() == "pending" && state.IsOnline());
        server.Status = TerminalStatus.Active;
        var state = await kiosk.Until(state => state.Standing() == "active");
        Assert.Equal("东乡县职业技术学校", state.GetProperty("setup").GetProperty("institutionName").GetString());
    }

    [Fact]
    public async Task A_wrong_code_is_refused_by_number_and_leaves_the_terminal_unpaired()
    {
        await using var server = await new ServerPeer().Start();
        await using var kiosk = await Server.Kiosk.Start();
        var answer = await kiosk.Pair(server.Address, code: "000000");
        Assert.Equal(807, answer.GetProperty("code").GetInt32());
        Assert.Equal("unpaired", (await kiosk.State()).Standing());
    }

    [Fact]
    public async Task What_the_server_says_of_a_field_is_shown_at_that_field()
    {
        await using var server = await new ServerPeer().Start();
        await using var kiosk = await Server.Kiosk.Start();
        var error = (await kiosk.Pair(server.Address, code: "12")).GetProperty("errors")[0];
        Assert.Equal("code", error.GetProperty("field").GetString());
        Assert.Equal("配对码太短", error.GetProperty("problem").GetProperty("zh").GetString());
    }

    [Fact]
    public async Task A_server_that_cannot_be_reached_is_named_as_the_wrong_field()
    {
        await using var kiosk = await Server.Kiosk.Start();
        var answer = await kiosk.Pair(new Uri("http://127.0.0.1:9/"));
        Assert.Equal("server", answer.GetProperty("errors")[0].GetProperty("field").GetString());
    }

    [Fact]
    public async Task A_page_that_is_not_of_our_server_is_not_taken_for_an_answer()
    {
        await using var other = await Server.Kiosk.Start();
        await using var kiosk = await Server.Kiosk.Start();
        var answer = await kiosk.Pair(other.Http.BaseAddress!);
        Assert.Equal("server", answer.GetProperty("errors")[0].GetProperty("field").GetString());
    }

    [Theory]
    [InlineData("", "1", "n", "server")]
    [InlineData("ftp://host", "1", "n", "server")]
    [InlineData("http://user:secret@host", "1", "n", "server")]
    [InlineData("http://host", "", "n", "code")]
    [InlineData("http://host", "123456789012345678901234567890123", "n", "code")]
    [InlineData("http://host", "1", " ", "name")]
    public void Each_unusable_field_is_named(string server, string code, string name, string field) =>
        Assert.Equal(field, Assert.Single(new PairingOrder(server, code, name).Check()).Field);

    [Fact]
    public void A_name_of_forty_characters_is_the_longest()
    {
        Assert.Empty(new PairingOrder("http://host", "1", new string('名', 40)).Check());
        Assert.Single(new PairingOrder("http://host", "1", new string('名', 41)).Check());
    }

    [Fact]
    public void An_address_without_scheme_is_taken_as_https() =>
        Assert.Equal("https://voucher.example/sub/", new PairingOrder("voucher.example/sub", "1", "n").ServerAddress()!.ToString());

    [Fact]
    public async Task A_working_terminal_cannot_be_paired_away()
    {
        await using var server = await new ServerPeer().Start();
        await using var kiosk = await Server.Kiosk.StartOnline(server.Address);
        var response = await kiosk.Http.PostAsJsonAsync("local/pair", new { server = server.Address, code = ServerPeer.Code, name = "x" });
        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
    }

    [Fact]
    public async Task A_revoked_terminal_stops_at_once_and_can_be_paired_anew_with_another_key()
    {
        await using var server = await new ServerPeer().Start();
        await using var kiosk = await Server.Kiosk.StartOnline(server.Address);
        var before = (await kiosk.State()).GetProperty("pairing").GetProperty("fingerprint").GetString();
        await kiosk.CheckIn(server.County.NewVoucher());
        server.Status = TerminalStatus.Revoked;
        await server.Tell(HubNames.Revoked);
        await kiosk.Until(state => state.Standing() == "revoked");
        Assert.Equal(201, (await kiosk.CheckIn(server.County.NewVoucher())).Refusal());
        server.Status = TerminalStatus.Active;
        await kiosk.Pair(server.Address);
        var state = await kiosk.Until(state => state.Standing() == "active" && state.IsOnline());
        Assert.NotEqual(before, state.GetProperty("pairing").GetProperty("fingerprint").GetString());
        Assert.Equal(1, (await kiosk.CheckIn(server.County.NewVoucher())).GetProperty("sequence").GetInt64());
    }

    [Fact]
    public async Task Another_root_than_the_one_first_seen_is_refused()
    {
        await using var server = await new ServerPeer().Start();
        await using var kiosk = await Server.Kiosk.StartOnline(server.Address);
        using var otherRoot = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        server.ChangeSetup = setup => setup with
        {
            RootPublicKey = otherRoot.ExportSubjectPublicKeyInfo(),
            KeyList = server.County.KeyListSignedBy(otherRoot),
            InstitutionName = "冒名机构",
        };
        await server.Tell(HubNames.SetupChanged);
        var state = await kiosk.Until(state => state.Link().GetProperty("trouble").ValueKind != System.Text.Json.JsonValueKind.Null);
        Assert.Equal("东乡县职业技术学校", state.GetProperty("setup").GetProperty("institutionName").GetString());
    }

    [Fact]
    public async Task What_the_server_changes_arrives_without_a_restart()
    {
        await using var server = await new ServerPeer().Start();
        await using var kiosk = await Server.Kiosk.StartOnline(server.Address);
        server.ChangeSetup = setup => setup with { InstitutionName = "新校名" };
        await server.Tell(HubNames.SetupChanged);
        await kiosk.Until(state => state.GetProperty("setup").GetProperty("institutionName").GetString() == "新校名");
    }

    [Fact]
    public async Task What_the_server_changed_between_the_setup_and_the_hub_arrives_with_the_hubs_first_word()
    {
        var fetched = 0;
        await using var server = await new ServerPeer
        {
            TellsNewcomers = true,
            ChangeSetup = setup => Interlocked.Increment(ref fetched) == 1 ? setup : setup with { InstitutionName = "新校名" },
        }.Start();
        await using var kiosk = await Server.Kiosk.StartOnline(server.Address);
        await kiosk.Until(state => state.GetProperty("setup").GetProperty("institutionName").GetString() == "新校名");
    }

    [Fact]
    public async Task A_terminal_whose_key_is_damaged_comes_up_and_says_so()
    {
        await using var server = await new ServerPeer().Start();
        await using var kiosk = await Server.Kiosk.Start();
        kiosk.IsKept = true;
        await kiosk.Pair(server.Address);
        await kiosk.DisposeAsync();
        await File.WriteAllTextAsync(Assert.Single(Directory.GetFiles(kiosk.Home, "device.key", SearchOption.AllDirectories)), "x");
        await using var again = await Server.Kiosk.Start(kiosk.Home);
        Assert.True((await again.State()).GetProperty("damaged").GetBoolean());
    }
}
