using Voucher.Core.Programmes;
using Voucher.Server.Policies;

namespace Voucher.Server.Programmes;

/// <param name="Warning">Not a fault: the practice share is far from the policy's.</param>
public sealed record ProgrammeSaved(ProgrammeId Id, Words? Warning);

/// <summary>A clerk puts a programme on the menu or changes it. A new subsidy counts for classes approved from then on.</summary>
public sealed class SaveProgramme(NpgsqlDataSource database, ProgrammeStore programmes, PolicyStore policies, TimeProvider clock)
{
    public Task<Outcome<ProgrammeSaved>> AddAsync(ProgrammeForm form, Actor actor) => SaveAsync(
        form,
        async (connection, transaction, entry) =>
        {
            var id = await programmes.AddAsync(connection, transaction, entry);
            await AppendAsync(connection, transaction, actor, "programme.add", id, $"{entry.Code}, {entry.Kind}, subsidy {entry.Subsidy}");
            return id;
        });

    /// <summary>The code stays what it is, whatever the form says.</summary>
    public async Task<Outcome<ProgrammeSaved>> ChangeAsync(ProgrammeId id, ProgrammeForm form, Actor actor)
    {
        if (await programmes.FindAsync(id) is not { } known) return Refusal.Of(RefusalCode.NotFound);
        return await SaveAsync(
            form.Over(known),
            async (connection, transaction, entry) =>
            {
                var before = await programmes.ChangeAsync(connection, transaction, id, entry);
                var subsidy = before == entry.Subsidy ? $"{entry.Subsidy}" : $"{before} → {entry.Subsidy}";
                var hours = $"{entry.Hours.Theory} + {entry.Hours.Practice} h, {entry.SafetyHours} on safety";
                await AppendAsync(connection, transaction, actor, "programme.change", id, $"{entry.Kind}, {entry.Mode}, level {entry.Level}, subsidy {subsidy}, {hours}{(entry.IsOpen ? "" : ", closed")}");
                return id;
            });
    }

    private async Task<Outcome<ProgrammeSaved>> SaveAsync(
        ProgrammeForm form, Func<NpgsqlConnection, NpgsqlTransaction, ProgrammeEntry, Task<ProgrammeId>> write)
    {
        var (entry, errors) = form.Read(await programmes.TradesAsync());
        if (errors.Count > 0) return errors;
        if (await policies.InForceOnAsync(CountyTime.DayOf(clock.GetUtcNow())) is not { } policy) return Refusal.Of(RefusalCode.NoRuleInForce);
        if (ProgrammeRules.Refuse(policy, entry.TradeCode, entry.Kind, entry.SafetyHours) is { } refusal) return refusal;
        try
        {
            await using var connection = await database.OpenConnectionAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            var id = await write(connection, transaction, entry);
            await transaction.CommitAsync();
            return new ProgrammeSaved(id, PracticeWarning.For(entry.Hours, policy.Parameters.PracticePercent));
        }
        catch (PostgresException fault) when (fault.SqlState == Ledger.Budget.PurposeStore.OutsideState)
        {
            var rule = policy.RuleOf(Clause.Funds);
            return new List<FieldError>
            {
                new("tradeCode", new(
                    $"已有按此工种或培训类型下达的资金用于该项目，不能改工种和类型（依据 {rule}）；要教别的请新增项目",
                    $"Money bound to this trade or kind of training has paid for the programme; it stays what it is ({rule}). Add a programme for another")),
            };
        }
        catch (PostgresException fault) when (fault.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return new List<FieldError>
            {
                fault.ConstraintName == "programme_region_code_key"
                    ? new("code", new("这个编码已有项目", "Another programme has this code"))
                    : new("name", new("已有同名项目", "Another programme has this name")),
            };
        }
    }

    private Task AppendAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Actor actor, string action, ProgrammeId id, string detail) =>
        AuditTrail.AppendAsync(connection, transaction, clock.GetUtcNow(), actor.Account, action, $"programme:{id}", detail,
            Ground.Under(Permission.EditInstitutions));
}
