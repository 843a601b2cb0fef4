using Voucher.Core.Wire;
using Voucher.Server.Api;

namespace Voucher.Server.Terminals;

/// <summary>A confirmed terminal's later life: another name, another institution.</summary>
public sealed class KeepTerminal(TerminalStore terminals, TerminalActStore acts, TerminalNotices notices, TimeProvider clock)
{
    public async Task<Outcome<Nothing>> RenameAsync(Actor actor, TerminalId id, string? name)
    {
        var read = new FieldReader();
        var text = read.Text("name", name, PairTerminal.LongestName);
        if (read.Errors.Count > 0) return read.Errors;
        try
        {
            if (!await acts.RenameAsync(id, text, actor.Account, clock.GetUtcNow())) return await WrongStepAsync(id);
        }
        catch (PostgresException fault) when (IsNameTaken(fault))
        {
            return new List<FieldError> { new("name", PairTerminal.NameTaken) };
        }
        await notices.SetupChangedAsync(id);
        return Nothing.Value;
    }

    /// <summary>The terminal's setup changes at once; what it scanned before stays its former institution's.</summary>
    public async Task<Outcome<Nothing>> MoveAsync(Actor actor, TerminalId id, int? institutionId, string? reason)
    {
        var read = new FieldReader();
        var to = new InstitutionId(read.Number("institutionId", institutionId, 1, int.MaxValue));
        var why = read.Text("reason", reason, Reasons.Longest);
        var institutions = await terminals.InstitutionsAsync();
        if (read.IsClean("institutionId") && institutions.All(known => known.Id != to))
            read.Fault("institutionId", new("没有这家机构", "There is no such institution"));
        if (read.Errors.Count > 0) return read.Errors;
        if (await terminals.FindAsync(id) is not { } terminal) return Refusal.Of(RefusalCode.NotFound);
        if (terminal.InstitutionId == to) return new List<FieldError> { new("institutionId", new("终端已在这家机构", "The terminal is there already")) };
        try
        {
            if (await acts.MoveAsync(id, to, why, actor.Account, clock.GetUtcNow()) is not { } from) return await WrongStepAsync(id);
            await notices.MovedAsync(id, from, to);
            return Nothing.Value;
        }
        catch (PostgresException fault) when (IsNameTaken(fault))
        {
            return new List<FieldError> { new("institutionId", new("那家机构已有同名终端，请先给本终端改名", "That institution has a terminal of this name; rename this one first")) };
        }
    }

    private static bool IsNameTaken(PostgresException fault) =>
        fault is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: TerminalStore.OneName };

    private async Task<Refusal> WrongStepAsync(TerminalId id) => await terminals.FindAsync(id) is { } terminal
        ? Refusal.Of(RefusalCode.TerminalWrongStep, TerminalWords.Name(terminal.Status))
        : Refusal.Of(RefusalCode.NotFound);
}
