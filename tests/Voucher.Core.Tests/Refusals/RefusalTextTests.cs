using System.Text.RegularExpressions;
using Voucher.Core.Refusals;
using Voucher.Core.Tests.Vouchers;
using Voucher.Core.Tokens;

namespace Voucher.Core.Tests.Refusals;

public sealed partial class RefusalTextTests
{
    public static TheoryData<RefusalCode> Codes() => [.. Enum.GetValues<RefusalCode>().Where(code => code != RefusalCode.None)];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Every_refusal_has_its_sentences_in_both_languages(RefusalCode code)
    {
        var text = RefusalText.Of(code);
        foreach (var zh in new[] { text.Reason.Zh, text.NextStep.Zh }) Assert.Matches(Chinese, zh);
        foreach (var en in new[] { text.Reason.En, text.NextStep.En })
        {
            Assert.DoesNotMatch(Chinese, en);
            Assert.EndsWith(".", en, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void Both_languages_have_the_same_places_numbered_from_0(RefusalCode code)
    {
        var text = RefusalText.Of(code);
        Assert.Equal(Places(text.Reason.Zh), Places(text.Reason.En));
        Assert.Equal(Places(text.NextStep.Zh), Places(text.NextStep.En));
        Assert.Equal(Enumerable.Range(0, CountOfDetails(text)), AllPlaces(text));
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void No_place_stays_empty_when_its_details_are_given(RefusalCode code)
    {
        object[] details = [.. Enumerable.Range(0, CountOfDetails(RefusalText.Of(code))).Select(i => $"細{i}節")];
        foreach (var refusal in new[] { Refusal.Under(Sample.Policy, code, details), Refusal.Of(code, details) })
        {
            string[] said = [refusal.Reason.Zh, refusal.Reason.En, refusal.NextStep.Zh, refusal.NextStep.En];
            Assert.All(said, sentence => Assert.DoesNotMatch("[{}]", sentence));
            Assert.All(details, detail => Assert.Contains(said, sentence => sentence.Contains((string)detail, StringComparison.Ordinal)));
            Assert.Equal(code, refusal.Code);
        }
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void The_rule_is_cited_exactly_where_the_refusal_rests_on_one(RefusalCode code)
    {
        object[] details = [.. Enumerable.Repeat("x", CountOfDetails(RefusalText.Of(code)))];
        var refusal = Refusal.Under(Sample.Policy, code, details);
        var clause = RefusalText.Of(code).Clause;
        Assert.Equal(clause is { } known ? Sample.Policy.RuleOf(known) : null, refusal.Rule);
        Assert.Null(Refusal.Of(code, details).Rule);
    }

    [Fact]
    public void None_has_no_sentence()
    {
        Assert.False(RefusalText.All.ContainsKey(RefusalCode.None));
        Assert.Equal(Enum.GetValues<RefusalCode>().Length - 1, RefusalText.All.Count);
    }

    [Fact]
    public void Numbers_are_unique_and_have_three_digits()
    {
        var numbers = Enum.GetValues<RefusalCode>().Where(code => code != RefusalCode.None).Select(code => (int)code).ToList();
        Assert.Equal(numbers.Count, numbers.Distinct().Count());
        Assert.All(numbers, number => Assert.InRange(number, 101, 999));
        Assert.Equal(Enum.GetNames<RefusalCode>().Length, Enum.GetValues<RefusalCode>().Length);
    }

    [Fact]
    public void Words_given_as_a_detail_stand_in_their_language()
    {
        var refusal = Refusal.Of(RefusalCode.NotAVoucher, TokenDecoder.Explain(TokenFault.TooShort));
        Assert.Equal("这不是培训券：数字不完整。", refusal.Reason.Zh);
        Assert.Equal("This is not a training voucher: digits are missing.", refusal.Reason.En);
    }

    [Fact]
    public void Braces_in_a_detail_are_printed_as_they_are()
    {
        Assert.Equal("机构“{1}{0}”没有收款账户。", Refusal.Of(RefusalCode.PayeeMissing, "{1}{0}").Reason.Zh);
    }

    private static int CountOfDetails(RefusalText text) => AllPlaces(text).Length;

    private static int[] AllPlaces(RefusalText text) => [.. Places(text.Reason.Zh).Union(Places(text.NextStep.Zh)).Order()];

    private static int[] Places(string sentence) =>
        [.. Place.Matches(sentence).Select(match => int.Parse(match.Groups["place"].Value, System.Globalization.CultureInfo.InvariantCulture)).Order()];

    [GeneratedRegex(@"\{(?<place>\d+)\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Place { get; }

    [GeneratedRegex(@"\p{IsCJKUnifiedIdeographs}", RegexOptions.None, 1000)]
    private static partial Regex Chinese { get; }
}
