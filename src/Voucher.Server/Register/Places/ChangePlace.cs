using System.Globalization;
using Voucher.Server.Api;
using Voucher.Server.Register.Changes;

namespace Voucher.Server.Register.Places;

/// <summary>A clerk adds a township or village, renames it, or ends its code, naming what follows it.</summary>
public sealed class ChangePlace(NpgsqlDataSource database, PersonWriter people, County county, TimeProvider clock)
{
    /// <param name="Code">Nine digits of a township or twelve of a village.</param>
    public sealed record NewPlace(string? Code, string? Name, DateOnly? From);

    /// <param name="Successor">Where its people belong from then on; may be left out when nobody is registered there.</param>
    public sealed record Ending(string? Code, DateOnly? Until, string? Successor);

    public async Task<Outcome<Nothing>> AddAsync(NewPlace wish, Actor actor)
    {
        if (!actor.May(Permission.EditRegister)) return Refusal.Of(RefusalCode.NotAllowed);
        var read = new FieldReader();
        var code = CodeOf(read, "code", wish.Code);
        var name = read.Text("name", wish.Name, Place.LongestName);
        var from = read.Day("from", wish.From);
        if (read.Errors.Count > 0) return read.Errors;
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (code.IsVillage && await PlaceStore.LockAsync(connection, transaction, county.Region, new PlaceCode(code.Township)) is not { IsInForce: true })
            read.Fault("code", new("没有前9位所示的乡镇，或它已撤销", "The township of its first nine digits is not there or has ended"));
        if (await PlaceStore.LockAsync(connection, transaction, county.Region, code) is not null) read.Fault("code", new("这个代码已经登记过", "This code is there already"));
        if (await PlaceStore.IsNameTakenAsync(connection, transaction, county.Region, code, name)) read.Fault("name", SameName);
        if (read.Errors.Count > 0) return read.Errors;
        await PlaceStore.AddAsync(connection, transaction, county.Region, code, name, from);
        await KeepAsync(connection, transaction, actor, "place.add", code, name);
        return Nothing.Value;
    }

    public async Task<Outcome<Nothing>> RenameAsync(string? typed, string? newName, Actor actor)
    {
        if (!actor.May(Permission.EditRegister)) return Refusal.Of(RefusalCode.NotAllowed);
        var read = new FieldReader();
        var code = CodeOf(read, "code", typed);
        var name = read.Text("name", newName, Place.LongestName);
        if (read.Errors.Count > 0) return read.Errors;
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await PlaceStore.LockAsync(connection, transaction, county.Region, code) is not { IsInForce: true } known) return Refusal.Of(RefusalCode.NotFound);
        if (await PlaceStore.IsNameTakenAsync(connection, transaction, county.Region, code, name)) return new List<FieldError> { new("name", SameName) };
        await PlaceStore.RenameAsync(connection, transaction, code, name);
        await KeepAsync(connection, transaction, actor, "place.rename", code, $"{known.Name} → {name}");
        return Nothing.Value;
    }

    /// <summary>Returns how many people were moved to the successor, each with a line in their history.</summary>
    public async Task<Outcome<int>> EndAsync(Ending wish, Actor actor)
    {
        if (!actor.May(Permission.EditRegister)) return Refusal.Of(RefusalCode.NotAllowed);
        var read = new FieldReader();
        var code = CodeOf(read, "code", wish.Code);
        var until = read.Day("until", wish.Until);
        PlaceCode? successor = string.IsNullOrWhiteSpace(wish.Successor) ? null : CodeOf(read, "successor", wish.Successor);
        if (read.Errors.Count > 0) return read.Errors;
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await PlaceStore.LockAsync(connection, transaction, county.Region, code) is not { IsInForce: true } known) return Refusal.Of(RefusalCode.NotFound);
        if (until < known.EffectiveFrom) read.Fault("until", new("早于代码的启用日", "Earlier than the code's first day"));
        if (until > CountyTime.DayOf(clock.GetUtcNow())) read.Fault("until", new("不能晚于今天：人员随即转入接替的区划", "Not later than today: people move to the successor at once"));
        if (successor is { } next && !await CanFollowAsync(connection, transaction, code, next))
            read.Fault("successor", new("应是另一个同级的、现行的区划", "Must be another place of the same rank that is in force"));
        if (read.Errors.Count > 0) return read.Errors;
        if (known.Villages > 0) return Refusal.Of(RefusalCode.PlaceHasVillages, known.Name, known.Villages);
        var moved = await PlaceStore.PeopleOfAsync(connection, transaction, county.Region, code);
        if (moved.Count > 0 && successor is null) return Refusal.Of(RefusalCode.PlaceHasPeople, known.Name, moved.Count);
        if (successor is { } place) await MoveAsync(connection, transaction, moved, code, place, actor);
        await PlaceStore.EndAsync(connection, transaction, code, until, successor);
        await KeepAsync(connection, transaction, actor, "place.end", code, successor is { } named ? string.Create(CultureInfo.InvariantCulture, $"→ {named}, {moved.Count}") : "");
        return moved.Count;
    }

    private async Task<bool> CanFollowAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, PlaceCode ended, PlaceCode next) =>
        next != ended && next.IsVillage == ended.IsVillage
        && await PlaceStore.LockAsync(connection, transaction, county.Region, next) is { IsInForce: true };

    private async Task MoveAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<PersonId> moved, PlaceCode ended, PlaceCode place, Actor actor)
    {
        var now = clock.GetUtcNow();
        var cause = new ChangeCause(actor.Account, Reason: string.Create(CultureInfo.InvariantCulture, $"区划代码 {ended} 变更为 {place}"));
        await people.AmendAsync(connection, transaction, moved,
            (_, person) => person with { Township = place.Township, Village = place.IsVillage ? place : null }, cause, now);
        await PlaceStore.FollowAsync(connection, transaction, county.Region, ended, place, now);
    }

    private PlaceCode CodeOf(FieldReader read, string field, string? typed)
    {
        if (PlaceCode.TryParse(typed?.Trim(), out var code) && code.Region == county.Region) return code;
        read.Fault(field, new($"应为乡镇9位或村12位代码，以 {county.Region} 开头", $"Nine digits of a township or twelve of a village, beginning with {county.Region}"));
        return new PlaceCode(county.Region.Value * 1000L);
    }

    private async Task KeepAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, Actor actor, string deed, PlaceCode code, string detail)
    {
        await AuditTrail.AppendAsync(connection, transaction, clock.GetUtcNow(), actor.Account, deed, $"place:{code}", detail,
            Ground.Under(Permission.EditRegister));
        await transaction.CommitAsync();
    }

    private static readonly Words SameName = new("同级已有这个名称", "Another place beside it has this name");
}
