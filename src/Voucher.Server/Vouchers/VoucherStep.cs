using Voucher.Server.Policies;
using Voucher.Server.Reporting;

namespace Voucher.Server.Vouchers;

/// <summary>One voucher, locked, with the rules in force: asks the machine and writes what it decides.</summary>
public sealed class VoucherStep
{
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;

    private VoucherStep(NpgsqlConnection connection, NpgsqlTransaction transaction, StoredVoucher stored, Policy policy, DateTimeOffset now) =>
        (_connection, _transaction, Stored, Policy, Now) = (connection, transaction, stored, policy, now);

    /// <summary>As it was when it was locked.</summary>
    public StoredVoucher Stored { get; }

    public Policy Policy { get; }

    public DateTimeOffset Now { get; }

    /// <summary>Locks the voucher; a refusal when the county has no such one, or no rule today.</summary>
    /// <param name="needsRule">False for what only stops or records: on a day without a rule it goes by the last one.</param>
    public static async Task<(VoucherStep? Step, Refusal? Refused)> TakeAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, VoucherId id, County county, PolicyStore policies, TimeProvider clock,
        bool needsRule = true)
    {
        if (id.Value >> 32 != county.Region.Value) return (null, Refusal.Of(RefusalCode.NotFound));
        if (await VoucherStore.LoadForUpdateAsync(connection, transaction, id) is not { } stored) return (null, Refusal.Of(RefusalCode.NotFound));
        var now = clock.GetUtcNow();
        var policy = await policies.InForceOrLastAsync(CountyTime.DayOf(now));
        return needsRule && !policy.IsInForceOn(CountyTime.DayOf(now))
            ? (null, Refusal.Of(RefusalCode.NoRuleInForce))
            : (new VoucherStep(connection, transaction, stored, policy, now), null);
    }

    /// <summary>What the live page is told once it is committed.</summary>
    public LiveEvent Happened(Words what) => new(
        LiveEventKind.Voucher, Now, what, Stored.Voucher.Enrolment?.Institution, Stored.Voucher.Id.ToString(), PersonName.Masked(Stored.Holder));

    public async Task<Refusal?> DecideAndApplyAsync(VoucherCommand command, AccountId? by)
    {
        switch (VoucherMachine.Decide(Stored.Voucher, command, Now, Policy))
        {
            case Decision.Refused(var refusal):
                return refusal;
            case Decision.Accepted accepted:
                await VoucherStore.ApplyAsync(_connection, _transaction, Stored, accepted, new EventCause(by));
                return null;
            default:
                throw new InvalidOperationException();
        }
    }
}
