using Voucher.Core.Fraud;
using Voucher.Core.Tokens;

namespace Voucher.Server.Fraud;

public sealed record NewBait(BatchId Like, string Holder, int? Township, HolderCheck HolderCheck, (byte[] Hash, byte[] Sealed) Number, VoucherToken Token);

/// <summary>A bait voucher in the county's list.</summary>
/// <param name="ShownAt">When it was last shown at a desk.</param>
public sealed record Bait(VoucherId Voucher, string Holder, DateTimeOffset IssuedAt, DateOnly ValidUntil, DateTimeOffset? ShownAt);

/// <summary>Bait in the register: a person, a batch and a voucher that all say so of themselves.</summary>
public static class BaitStore
{
    public static Task InsertAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, RegionCode region, NewBait bait, PolicyId policy, Actor by, DateTimeOffset now) =>
        connection.ExecuteAsync("""
            with nobody as (
                insert into person (region, id_number_hash, id_number_sealed, id_number_masked, holder_check, name, is_male, birth_date, township_code,
                                    is_bait, content_hash, created_at, changed_at)
                values (@region, @hash, @sealed, '******************', @HolderCheck, @Holder, false, '1990-01-01', @Township, true, @hash, @now, @now)
                returning id),
            own as (
                insert into batch (region, name, kind, scope, face_value_fen, valid_from, valid_until, budget_line_id, policy_id, selection, status,
                                   people, written, first_serial, drafted_by, drafted_by_staff, drafted_at, finished_at, is_bait)
                select region, name, kind, scope, face_value_fen, valid_from, valid_until, budget_line_id, @policy, '{}', 3,
                       1, 1, @Serial, @Account, @Staff, @now, @now, true
                from batch where id = @Like
                returning id, kind, scope, face_value_fen, budget_line_id, valid_from, valid_until)
            insert into voucher (id, batch_id, person_id, kind, scope, face_value_fen, budget_line_id, valid_from, valid_until, state, is_reserved, short_code, token)
            select @Voucher, own.id, nobody.id, kind, scope, face_value_fen, budget_line_id, valid_from, valid_until, 1, false, @ShortCode, @token
            from own, nobody;
            insert into voucher_event (voucher_id, number, kind, from_state, to_state, at, account_id) values (@Voucher, 1, 1, 0, 1, @now, @Account);
            insert into hold (region, voucher_id, reason, opened_at, due_at, evidence) values (@region, @Voucher, @reason, @now, @now, '[]');
            """,
            new
            {
                region, bait.Holder, bait.Township, bait.HolderCheck, hash = bait.Number.Hash, @sealed = bait.Number.Sealed, bait.Like, policy, by.Account, by.Staff, now,
                bait.Token.Voucher, Serial = (long)bait.Token.Voucher.Serial, bait.Token.ShortCode, token = bait.Token.Bytes.ToArray(), reason = (short)HoldReason.Honeytoken,
            }, transaction);

    /// <summary>In force: nobody else lives in one that has ended, which would give the bait away.</summary>
    public static Task<bool> IsTownshipAsync(NpgsqlConnection connection, RegionCode region, int township) =>
        connection.ExecuteScalarAsync<bool>(
            "select exists (select from township where region = @region and code = @township and effective_until is null)", new { region, township });

    /// <summary>Newest first.</summary>
    public static async Task<IReadOnlyList<Bait>> ListAsync(NpgsqlConnection connection, RegionCode region, int most) =>
        [.. await connection.QueryAsync<Bait>("""
            select v.id as voucher, p.name as holder, h.opened_at as issued_at, v.valid_until, h.alarmed_at as shown_at
            from hold h join voucher v on v.id = h.voucher_id join person p on p.id = v.person_id
            where h.region = @region and h.reason = 1 order by h.id desc limit @most
            """, new { region, most })];

    public static Task<BatchId?> BatchOfAsync(NpgsqlConnection connection, RegionCode region, VoucherId bait) =>
        connection.QuerySingleOrDefaultAsync<BatchId?>("""
            select b.id from voucher v join batch b on b.id = v.batch_id and b.is_bait where v.id = @bait and b.region = @region
            """, new { bait, region });
}
