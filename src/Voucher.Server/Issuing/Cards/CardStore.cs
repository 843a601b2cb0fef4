using Voucher.Server.Issuing.Printing;

namespace Voucher.Server.Issuing.Cards;

/// <summary>What a contact card says of a class.</summary>
public sealed record ClassCard(
    ClassId Id, InstitutionId InstitutionId, string Name, string Programme, string Trade, int TheoryHours, int PracticeHours, string Site,
    DateOnly StartsOn, DateOnly EndsOn, string Institution, string Address, string Phone);

/// <summary>A session as a card lists it.</summary>
public sealed record CardSession(DateOnly HeldOn, TimeOnly StartsAt, TimeOnly EndsAt, bool IsPractice);

public static class CardStore
{
    /// <summary>An approved class of the county; <c>null</c> when there is none.</summary>
    public static Task<ClassCard?> FindAsync(NpgsqlConnection connection, RegionCode region, ClassId id) =>
        connection.QuerySingleOrDefaultAsync<ClassCard?>("""
            select c.id, c.institution_id, c.name, p.name as programme, t.name as trade, p.theory_hours, p.practice_hours, c.site,
                   c.starts_on, c.ends_on, i.name as institution, i.address, i.phone
            from training_class c
            join programme p on p.id = c.programme_id
            join trade t on t.code = p.trade_code
            join institution i on i.id = c.institution_id
            where c.region = @region and c.id = @id and c.status = 2
            """, new { region, id });

    /// <summary>The first sessions; a card has no room for more.</summary>
    public static async Task<IReadOnlyList<CardSession>> SessionsAsync(NpgsqlConnection connection, ClassId id, int take) =>
        [.. await connection.QueryAsync<CardSession>("""
            select held_on, starts_at, ends_at, is_practice from class_session where class_id = @id order by held_on, starts_at limit @take
            """, new { id, take })];
}
