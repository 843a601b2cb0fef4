using FsCheck;
using FsCheck.Fluent;
using Voucher.Core.Policies;
using Voucher.Core.Refusals;
using Voucher.Core.Vouchers;

namespace Voucher.Core.Tests.Vouchers;

public sealed class TotalityTests
{
    private const int Cases = 40_000;

    private sealed record Question(TrainingVoucher Voucher, VoucherCommand Command, DateTimeOffset Now, Policy Policy)
    {
        public Decision Ask() => VoucherMachine.Decide(Voucher, Command, Now, Policy);
    }

    private static readonly Arbitrary<Question> Questions = (
        from voucher in Any.Voucher
        from command in Any.Command
        from now in Any.Instant
        from policy in Any.Policy
        select new Question(voucher, command, now, policy)).ToArbitrary();

    [Fact]
    public void Whatever_is_asked_there_is_one_decision_and_the_same_again() => ForEach(question =>
    {
        var first = question.Ask();
        return first is Decision.Accepted or Decision.Refused && first == question.Ask();
    });

    [Fact]
    public void Every_event_leads_from_the_state_before_to_the_state_after() => ForEach(question =>
        question.Ask() is not Decision.Accepted(var step, var next)
        || (step.From == question.Voucher.State && step.To == next.State && step.At == question.Now && next.Id == question.Voucher.Id));

    [Fact]
    public void Nothing_leaves_a_closing_state() => ForEach(question =>
        question.Voucher.State is VoucherState.Issued or VoucherState.Claimed or VoucherState.Enrolled || question.Ask() is Decision.Refused);

    [Fact]
    public void Only_a_reissue_names_a_successor_only_enrolment_binds_and_only_a_contest_unbinds() => ForEach(question =>
        question.Ask() is not Decision.Accepted(var step, var next)
        || ((next.ReplacedBy == question.Voucher.ReplacedBy || step.Kind == VoucherEventKind.Replaced)
            && (next.Enrolment == question.Voucher.Enrolment || step.Kind is VoucherEventKind.Enrolled or VoucherEventKind.Contested)
            && (step.Kind != VoucherEventKind.Contested || next.Enrolment is null)));

    [Fact]
    public void Every_refusal_is_a_whole_sentence_with_a_next_step_in_both_languages() => ForEach(question =>
    {
        if (question.Ask() is not Decision.Refused(var refusal)) return true;
        var template = RefusalText.Of(refusal.Code);
        return refusal.Code != RefusalCode.None
            && Whole(refusal.Reason.Zh, template.Reason.Zh) && Whole(refusal.Reason.En, template.Reason.En)
            && Whole(refusal.NextStep.Zh, template.NextStep.Zh) && Whole(refusal.NextStep.En, template.NextStep.En);
    });

    [Fact]
    public void Every_refusal_of_the_machine_cites_a_rule_of_the_policy() => ForEach(question =>
        question.Ask() is not Decision.Refused(var refusal)
        || (refusal.Rule is { } rule && rule.DocumentNo == question.Policy.DocumentNo && question.Policy.Clauses.Values.Contains(rule.Clause)));

    /// <summary>Filled, if there was anything to fill. Details may hold braces of their own, so the template is what is looked at.</summary>
    private static bool Whole(string sentence, string template) =>
        sentence.Length > 0 && (template.Contains('{', StringComparison.Ordinal) == (sentence != template));

    private static void ForEach(Func<Question, bool> holds) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(Cases), Prop.ForAll(Questions, holds));
}
