using Voucher.Core.Programmes;
using Voucher.Server.Api;
using Voucher.Server.Policies;

namespace Voucher.Server.Programmes.Orders;

/// <summary>A clerk enters an employer's order, and after the training how many were hired.</summary>
public sealed class PlaceOrder(NpgsqlDataSource database, ProgrammeStore programmes, OrderStore orders, PolicyStore policies, TimeProvider clock)
{
    public async Task<Outcome<int>> RunAsync(ProgrammeId id, OrderForm form, Actor actor)
    {
        if (await programmes.FindAsync(id) is not { } programme) return Refusal.Of(RefusalCode.NotFound);
        var (entry, errors) = form.Read();
        if (errors.Count > 0) return errors;
        var now = clock.GetUtcNow();
        if (!programme.Kind.NeedsEmployer())
            return Refusal.Under(await policies.InForceOrLastAsync(CountyTime.DayOf(now)), RefusalCode.NoOrderForThisKind, programme.Kind.Name());
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var order = await orders.AddAsync(connection, transaction, id, entry, actor.Account, now);
        await AuditTrail.AppendAsync(
            connection, transaction, now, actor.Account, "order.place", $"programme:{id}", $"order:{order}, {entry.EmployerUscc}, {entry.Post}, {entry.Size}",
            Ground.Under(Permission.EditInstitutions));
        await transaction.CommitAsync();
        return order;
    }

    public async Task<Outcome<Nothing>> RecordHiredAsync(ProgrammeId id, int order, int? hired, Actor actor)
    {
        var read = new FieldReader();
        var count = read.Number("hired", hired, 0, OrderForm.LargestSize);
        if (read.Errors.Count > 0) return read.Errors;
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (!await orders.SetHiredAsync(connection, transaction, id, order, count, actor.Account, now)) return Refusal.Of(RefusalCode.NotFound);
        await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, "order.hired", $"programme:{id}", $"order:{order}, hired {count}",
            Ground.Under(Permission.EditInstitutions));
        await transaction.CommitAsync();
        return Nothing.Value;
    }
}
