using Voucher.Core.Classes;
using Voucher.Server.Classes;

namespace Voucher.Server.Supervising;

/// <summary>The county adds photos to a spot check: JPEG or PNG, told by their bytes, and kept without what the camera wrote beside the picture.</summary>
public sealed class AddPhoto(NpgsqlDataSource database, ClassStore classes, SpotCheckStore checks, TimeProvider clock)
{
    /// <summary>Photos of one spot check.</summary>
    public const int Most = 10;

    /// <summary>Bytes of one request: a photo and its form.</summary>
    public const int LargestRequestBytes = PhotoBytes.Longest + 64 * 1024;

    public async Task<Outcome<int>> RunAsync(Actor actor, ClassId id, long spotCheck, byte[]? file)
    {
        if (!actor.IsCounty || await classes.FindAsync(id, actor) is null || (await checks.ListAsync(id)).All(check => check.Id != spotCheck))
            return Refusal.Of(RefusalCode.NotFound);
        if (file is null || file.Length == 0) return Fault(new("请选择照片", "Choose a photo"));
        if (PhotoBytes.Read(file) is not var (kind, content)) return Fault(new("不是完整的 JPEG 或 PNG 照片，或超过 5 MB", "Not a whole JPEG or PNG, or more than 5 MB"));
        await using var connection = await database.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var now = clock.GetUtcNow();
        if (await PhotoStore.AddAsync(connection, transaction, spotCheck, new Photo(kind, content), Most, actor, now) is not { } number)
            return Fault(new($"一次抽查最多 {Most} 张照片", $"At most {Most} photos a spot check"));
        await AuditTrail.AppendAsync(connection, transaction, now, actor.Account, "class.photo", $"class:{id}", $"spot check {spotCheck}, photo {number}",
            Ground.Under(Permission.SpotCheck));
        await transaction.CommitAsync();
        return number;
    }

    private static List<FieldError> Fault(Words problem) => [new("file", problem)];
}
