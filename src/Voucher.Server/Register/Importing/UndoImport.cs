using Voucher.Server.Api;

namespace Voucher.Server.Register.Importing;

/// <summary>A person wants an import undone and says why. It is done in the background; what it comes to is shown before.</summary>
public sealed class UndoImport(ImportStore imports, ImportStepStore steps, ImportWorker worker, TimeProvider clock)
{
    public async Task<Outcome<Nothing>> RunAsync(Actor actor, long id, string? reason)
    {
        if (string.IsNullOrWhiteSpace(reason)) return Refusal.Of(RefusalCode.ReasonMissing);
        var read = new FieldReader();
        var why = PlainReason.Read(read, reason);
        if (read.Errors.Count > 0) return read.Errors;
        if (await imports.GetAsync(id) is not { } import) return Refusal.Of(RefusalCode.NotFound);
        if (!await steps.AskUndoAsync(id, why, actor.Account, clock.GetUtcNow())) return Refusal.Of(RefusalCode.ImportWrongStep, import.Status.Name());
        worker.Wake();
        return Nothing.Value;
    }
}
