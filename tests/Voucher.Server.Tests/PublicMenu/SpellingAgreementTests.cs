using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Voucher.Core.Programmes;
using Voucher.Server.PublicMenu;
using Voucher.Testing;

namespace Voucher.Server.Tests.PublicMenu;

/// <summary>Search is in two languages, here and on the page: both are held to the same cases.</summary>
public sealed class SpellingAgreementTests
{
    private sealed record Case(string Text, string Spell, string Typed, bool Found);

    private static readonly string Folder = RepositoryRoot.PathTo("tests", "Voucher.Server.Tests", "PublicMenu");

    [Fact]
    public void The_server_finds_what_the_page_finds()
    {
        var cases = JsonSerializer.Deserialize<Case[]>(File.ReadAllText(Path.Combine(Folder, "spelling-cases.json")), JsonSerializerOptions.Web)!;
        Assert.NotEmpty(cases);
        Assert.All(cases, one =>
        {
            var spelling = new Spelling(one.Text, PinyinTable.ReadingsOf);
            Assert.Equal(one.Spell, spelling.Encoded);
            Assert.Equal(one.Found, spelling.Matches(Spelling.Normalise(one.Typed)));
        });
    }

    [Fact]
    public async Task The_page_finds_what_the_server_finds()
    {
        using var node = Process.Start(new ProcessStartInfo(Requires.Program("node"), ["--test", Path.Combine(Folder, "spelling.test.mjs")])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var complaints = node.StandardError.ReadToEndAsync();
        var output = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        Assert.True(node.ExitCode == 0, output + await complaints);
        Assert.Matches("# pass [1-9]", output); // A file without a single test would pass as well.
    }

    [Fact]
    public void The_table_knows_every_character_of_the_demo_county_and_all_readings_of_those_with_several()
    {
        var texts = Voucher.Server.Demo.DemoMenu.Programmes.Select(p => p.Name).Concat(Voucher.Server.Demo.DemoMenu.Trades.Select(t => t.Name)).Concat(Voucher.Server.Demo.DemoMenu.Institutions.Select(i => i.Name));
        Assert.All(texts.SelectMany(text => text.EnumerateRunes()).Distinct(), character => Assert.NotEmpty(PinyinTable.ReadingsOf(character)));
        Assert.Equal(["chang", "zhang"], PinyinTable.ReadingsOf(new Rune('长')));
        Assert.Equal(["hang", "xing"], PinyinTable.ReadingsOf(new Rune('行')));
        Assert.Equal(["chong", "zhong"], PinyinTable.ReadingsOf(new Rune('重')));
        Assert.Empty(PinyinTable.ReadingsOf(new Rune('A')));
    }
}
