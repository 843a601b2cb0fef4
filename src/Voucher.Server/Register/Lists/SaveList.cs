using System.Globalization;
using Voucher.Server.Api;

namespace Voucher.Server.Register.Lists;

/// <summary>What a clerk says of a list.</summary>
/// <param name="Kind">A name of <see cref="ListKind"/>; stays as it is when the list is changed.</param>
/// <param name="Position">Order among the standing lists.</param>
/// <param name="Year">Of a year's tasks.</param>
public sealed record ListForm(string? Name, string? Kind, string? Definition, int? Position, int? Year)
{
    public static readonly ListForm Empty = new(null, null, null, null, null);
}

/// <summary>A clerk makes a list, or changes its title, definition and order.</summary>
public sealed class SaveList(NpgsqlDataSource database, County county, TimeProvider clock)
{
    private static readonly Words Taken = new("已有同名的名单，或当年的任务清单已建", "A list of this name, or this year's task list, is there already");

    public async Task<Outcome<int>> AddAsync(ListForm form, Actor actor)
    {
        if (!actor.May(Permission.EditRegister)) return Refusal.Of(RefusalCode.NotAllowed);
        var read = new FieldReader();
        var kind = form.Kind switch { nameof(ListKind.Standing) => ListKind.Standing, nameof(ListKind.YearTask) => ListKind.YearTask, _ => ListKind.Ordinary };
        if (form.Kind is not (null or "" or nameof(ListKind.Ordinary)) && kind is ListKind.Ordinary) read.Fault("kind", new("请选择名单种类", "Choose a kind of list"));
        var name = Read(read, form, out var definition, out var position);
        int? year = kind is ListKind.YearTask ? read.Number("year", form.Year, 2016, 2100) : null;
        if (read.Errors.Count > 0) return read.Errors;
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await ListStore.AddAsync(connection, transaction, county.Region, name, kind, definition, position, year) is not { } id)
            return new List<FieldError> { new("name", Taken) };
        await AuditTrail.AppendAsync(connection, transaction, clock.GetUtcNow(), actor.Account, "list.add", $"list:{id}", name,
            Ground.Under(Permission.EditRegister));
        await transaction.CommitAsync();
        return id;
    }

    public async Task<Outcome<Nothing>> ChangeAsync(int id, ListForm form, Actor actor)
    {
        if (!actor.May(Permission.EditRegister)) return Refusal.Of(RefusalCode.NotAllowed);
        var read = new FieldReader();
        var name = Read(read, form, out var definition, out var position);
        if (read.Errors.Count > 0) return read.Errors;
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (await ListStore.IsNameTakenAsync(connection, transaction, county.Region, id, name)) return new List<FieldError> { new("name", Taken) };
        if (!await ListStore.ChangeAsync(connection, transaction, county.Region, id, name, definition, position)) return Refusal.Of(RefusalCode.NotFound);
        await AuditTrail.AppendAsync(connection, transaction, clock.GetUtcNow(), actor.Account, "list.change", $"list:{id}", string.Create(CultureInfo.InvariantCulture, $"{position}. {name}"),
            Ground.Under(Permission.EditRegister));
        await transaction.CommitAsync();
        return Nothing.Value;
    }

    private static string Read(FieldReader read, ListForm form, out string definition, out int position)
    {
        definition = read.Text("definition", form.Definition, PersonList.LongestDefinition, isOptional: true);
        position = form.Position is null ? 0 : read.Number("position", form.Position, 0, 99);
        return read.Text("name", form.Name, PersonList.LongestName);
    }
}
