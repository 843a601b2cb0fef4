using System.Text.Json;
using Voucher.Core.Policies;
using Voucher.Core.Regions;
using Voucher.Server.Policies;

namespace Voucher.Server.Tests.Policies;

public sealed class ShippedPolicyTests
{
    private static readonly RegionCode Region = new(622926);

    public static TheoryData<string> Names() => [.. ShippedPolicies.Names];

    private static PolicyDocument Read(string name) => ShippedPolicies.Find(name)!;

    [Theory]
    [MemberData(nameof(Names))]
    public void A_shipped_pack_can_be_a_rule_and_says_for_every_clause_what_it_rests_on(string name)
    {
        var pack = Read(name).ToPolicy(Region);
        Assert.Empty(PolicyCheck.FaultsOf(pack));
        Assert.Equal(Clauses.All.Count, pack.Clauses.Values.Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_shipped_pack_names_every_parameter_so_that_no_default_of_the_program_is_part_of_it(string name)
    {
        var written = JsonDocument.Parse(Read(name).ToJson()).RootElement.GetProperty("parameters").EnumerateObject().Select(entry => entry.Name);
        using var file = typeof(ShippedPolicies).Assembly.GetManifestResourceStream($"Voucher.Server.Policies.Packs.{name}.json")!;
        Assert.Equal(written.Order(), JsonDocument.Parse(file).RootElement.GetProperty("parameters").EnumerateObject().Select(entry => entry.Name).Order());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_pack_written_to_a_file_and_read_again_is_the_same(string name)
    {
        var pack = Read(name).ToPolicy(Region);
        var again = PolicyDocument.Read(PolicyDocument.Of(pack).ToJson()).OrThrow().ToPolicy(Region);
        Assert.Empty(PolicyComparison.Of(pack, again, code => new($"{code}", $"{code}")));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_pack_put_into_the_form_and_read_back_is_the_same(string name)
    {
        var pack = Read(name).ToPolicy(Region);
        var (again, faults) = PolicyForm.Of(pack).Read(Region);
        Assert.Empty(faults);
        Assert.Empty(PolicyComparison.Of(pack, again, code => new($"{code}", $"{code}")));
    }

    [Theory]
    [InlineData("", "file")]
    [InlineData("null", "file")]
    [InlineData("[]", "file")]
    [InlineData("{}", "file")]
    [InlineData("\"parameters\": {\"validityDay\": 90", "$.parameters.validityDay")]
    [InlineData("\"parameters\": {\"validityDays\": \"x\"", "$.parameters.validityDays")]
    [InlineData("\"parameters\": {\"validityDays\": 99999999999", "$.parameters.validityDays")]
    [InlineData("\"parameters\": {\"subsidies\": [null]", "file")]
    [InlineData("\"parameters\": {\"matches\": null", "$.parameters.matches")]
    [InlineData("\"clauses\": {\"Vouchers\": \"x\"", "$.clauses.Vouchers")]
    public void A_file_that_is_no_pack_is_told_where_it_is_none(string broken, string where)
    {
        var json = broken.StartsWith('"') ? $"{{{Head(broken)}{broken}}}{(broken.Contains("clauses", StringComparison.Ordinal) ? ", \"parameters\": {}" : "")}}}" : broken;
        var faults = Assert.IsType<Core.Refusals.Outcome<PolicyDocument>.BadInput>(PolicyDocument.Read(json)).Errors;
        Assert.Equal([where], faults.Select(fault => fault.Field));
    }

    private static string Head(string broken) =>
        "\"documentNo\": \"x\", \"title\": \"x\", \"region\": \"622926\", \"version\": 1, \"effectiveFrom\": \"2026-01-01\", \"effectiveUntil\": null, "
        + (broken.Contains("clauses", StringComparison.Ordinal) ? "" : "\"clauses\": {}, ");
}
